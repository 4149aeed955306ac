using Interlook.Collections;
using Interlook.Configuration;

namespace Interlook.Extensions;

/// <summary>What the host knows of an extension before it makes one.</summary>
/// <param name="Name">Kind and product: <c>provider.docker</c>, <c>ipam.ipalloc</c>, <c>dns.consul</c>, <c>lb.haproxy</c>. Its configuration stands in the section of that path.</param>
/// <param name="Schema">Its settings.</param>
/// <param name="Create">Makes it from options that the schema made and checked. Does no I/O.</param>
/// <param name="Aliases">Other step names that mean this extension.</param>
public sealed record ExtensionDescriptor(
    string Name,
    SettingsSchema Schema,
    Func<object, ExtensionContext, IExtension> Create,
    EquatableArray<string> Aliases)
{
    /// <summary>True for a provider; every other extension is a provisioner.</summary>
    public bool IsProvider => Name.StartsWith("provider.", StringComparison.Ordinal);
}
