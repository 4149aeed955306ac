using System.Collections.Immutable;
using Interlook.Engine;
using Interlook.Extensions;
using Interlook.Host.Configuration.Yaml;
using Interlook.Services;

namespace Interlook.Host.Configuration;

/// <summary>Reads a configuration: nothing is started, nothing outside is asked, and everything wrong is said at once.</summary>
internal sealed class ConfigurationReader
{
    private const string Core = "core";
    private const string Named = "workflows";

    private readonly ExtensionCatalog catalog;
    private readonly ProblemList problems;
    private readonly Dictionary<string, YamlMember> sections = new(StringComparer.OrdinalIgnoreCase);
    private readonly ImmutableSortedDictionary<string, object>.Builder extensions =
        ImmutableSortedDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);

    private ConfigurationReader(ExtensionCatalog catalog, ProblemList problems)
    {
        this.catalog = catalog;
        this.problems = problems;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; messages show it as it is given here.</param>
    /// <param name="catalog">The extensions there are.</param>
    /// <param name="environment">Gives the value of an environment variable, or null.</param>
    internal static ConfigurationResult Read(string path, ExtensionCatalog catalog, Func<string, string?> environment)
    {
        try
        {
            return Read(path, File.ReadAllBytes(path), catalog, environment);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new ConfigurationResult(null, [$"{path}: cannot be read: {Because(failure, path)}"]);
        }
    }

    /// <summary>Reads a file's content.</summary>
    internal static ConfigurationResult Read(string path, ReadOnlySpan<byte> content, ExtensionCatalog catalog, Func<string, string?> environment)
    {
        var problems = new ProblemList(path);
        InterlookConfiguration? configuration = null;
        if (Utf8Text.Decode(content, problems) is { } text && YamlFile.Read(text, problems, environment) is { } root)
            configuration = new ConfigurationReader(catalog, problems).Configuration(root);
        return problems.Count > 0 ? new ConfigurationResult(null, problems.Lines()) : new ConfigurationResult(configuration, []);
    }

    private InterlookConfiguration? Configuration(YamlNode root)
    {
        if (SectionReader.Members("the configuration", root, "sections", problems) is not { } members)
            return null;
        var kinds = catalog.All.Select(KindOf).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        foreach (var member in members)
            Keep(member, kinds);

        foreach (var kind in kinds)
            ReadKind(kind);
        var core = new SectionReader(Core, CoreSettings.Schema, problems);
        var coreSection = sections.GetValueOrDefault(Core);
        var options = (CoreOptions)core.Read(coreSection?.Place ?? Place.Start, coreSection?.Value ?? Nothing(Place.Start));
        return new InterlookConfiguration(options, Workflows(core, coreSection), extensions.ToImmutable());
    }

    private void Keep(YamlMember member, IReadOnlyList<string> kinds)
    {
        IEnumerable<string> known = [Core, Named, .. kinds];
        if (!known.Contains(member.Key, StringComparer.OrdinalIgnoreCase))
            problems.Add(member.Place, $"{SectionReader.Shown(member.Key)} is not a section{Suggestion.For(member.Key, known)}");
        else if (!sections.TryAdd(member.Key, member))
            problems.Add(member.Place, $"section {member.Key} is written twice, first in line {sections[member.Key].Place.Line}");
    }

    private void ReadKind(string kind)
    {
        if (!sections.TryGetValue(kind, out var section) || SectionReader.Members(kind, section.Value, "sections", problems) is not { } products)
            return;
        var first = new Dictionary<string, YamlMember>(StringComparer.OrdinalIgnoreCase);
        foreach (var product in products)
        {
            var path = $"{kind}.{product.Key}";
            if (catalog.All.FirstOrDefault(known => known.Name.Equals(path, StringComparison.OrdinalIgnoreCase)) is not { } extension)
                problems.Add(product.Place, $"{SectionReader.Shown(path)} is not an extension{Suggestion.For(path, catalog.All.Select(known => known.Name))}");
            else if (!first.TryAdd(product.Key, product))
                problems.Add(product.Place, $"section {extension.Name} is written twice, first in line {first[product.Key].Place.Line}");
            else
                extensions.Add(extension.Name, new SectionReader(extension.Name, extension.Schema, problems).Read(product.Place, product.Value));
        }
    }

    private ImmutableArray<Workflow> Workflows(SectionReader core, YamlMember? coreSection)
    {
        var reader = new WorkflowReader(new StepNames(catalog), extensions.Keys.ToHashSet(StringComparer.Ordinal), problems);
        var workflows = ImmutableArray.CreateBuilder<Workflow>();
        var main = core.Find("workflow");
        var isSaid = core.IsFaulty("workflow") || coreSection?.Value is not (null or YamlNode.Mapping or YamlNode.Text { IsUnset: true });
        var named = sections.TryGetValue(Named, out var section) ? SectionReader.Members(Named, section.Value, "workflows", problems) : [];
        if (isSaid)
            main = null;
        else if (main is not null and not YamlNode.Text { IsUnset: true })
            Take(workflows, reader.Read(ServiceKey.DefaultWorkflow, "core.workflow", main));
        else if (named is { Count: 0 })
            problems.Add(main?.Place ?? coreSection?.Place ?? Place.Start, "core.workflow is required: name a provider and its steps there, or named workflows under workflows");
        var first = new Dictionary<string, YamlMember>(StringComparer.Ordinal);
        foreach (var member in named ?? [])
        {
            if (member.Key == ServiceKey.DefaultWorkflow)
                problems.Add(member.Place, $"{Named}.{member.Key} is the name of the workflow in core.workflow: choose another");
            else if (member.Key.Length > 63 || !member.Key.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-'))
                problems.Add(member.Place, $"{Named}.{SectionReader.Shown(member.Key)} is not a workflow's name: it has 1 to 63 of a-z, 0-9 and the hyphen");
            else if (!first.TryAdd(member.Key, member))
                problems.Add(member.Place, $"{Named}.{member.Key} is written twice, first in line {first[member.Key].Place.Line}");
            else
                Take(workflows, reader.Read(member.Key, $"{Named}.{member.Key}", member.Value));
        }
        return workflows.ToImmutable();
    }

    private static void Take(ImmutableArray<Workflow>.Builder workflows, Workflow? workflow)
    {
        if (workflow is not null)
            workflows.Add(workflow);
    }

    private static YamlNode.Text Nothing(Place place) => new(place, "", "", quoted: false);

    private static string KindOf(ExtensionDescriptor extension) => extension.Name[..extension.Name.IndexOf('.', StringComparison.Ordinal)];

    private static string Because(Exception failure, string path) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => "no such file",
        UnauthorizedAccessException when Directory.Exists(path) => "it is a folder",
        UnauthorizedAccessException => "this user may not read it",
        _ => failure.Message,
    };
}
