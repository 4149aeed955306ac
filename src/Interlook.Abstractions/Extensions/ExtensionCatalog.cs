using System.Collections.Immutable;
using Interlook.Configuration;

namespace Interlook.Extensions;

/// <summary>The extensions that an executable contains. Immutable: every addition returns a new catalog.</summary>
public sealed class ExtensionCatalog
{
    private readonly ImmutableSortedDictionary<string, ExtensionDescriptor> descriptors;

    private ExtensionCatalog(ImmutableSortedDictionary<string, ExtensionDescriptor> descriptors) => this.descriptors = descriptors;

    /// <summary>No extensions.</summary>
    public static ExtensionCatalog Empty { get; } =
        new(ImmutableSortedDictionary.Create<string, ExtensionDescriptor>(StringComparer.OrdinalIgnoreCase));

    /// <summary>All extensions, by name.</summary>
    public IEnumerable<ExtensionDescriptor> All => descriptors.Values;

    /// <summary>Adds an extension.</summary>
    /// <param name="name">Kind and product, <c>lb.haproxy</c>.</param>
    /// <param name="schema">Its settings; makes the options that <paramref name="create"/> gets.</param>
    /// <param name="create">Makes the extension.</param>
    /// <param name="aliases">Other step names users may write.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public ExtensionCatalog Add<TOptions>(
        string name,
        SettingsSchema<TOptions> schema,
        Func<TOptions, ExtensionContext, IExtension> create,
        params ReadOnlySpan<string> aliases)
        where TOptions : class, new() =>
        new(descriptors.Add(
            name,
            new ExtensionDescriptor(name, schema, (options, context) => create((TOptions)options, context), [.. aliases])));

    /// <summary>Finds an extension by name or alias, without regard to case.</summary>
    public ExtensionDescriptor? Find(string name) =>
        descriptors.GetValueOrDefault(name)
        ?? All.FirstOrDefault(descriptor => descriptor.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase));
}
