using Interlook.Configuration;
using Interlook.Host.Configuration.Yaml;

namespace Interlook.Host.Configuration;

/// <summary>Reads one section by its schema and says everything that is wrong with it.</summary>
/// <param name="path">What the section is called in messages: <c>lb.haproxy</c>.</param>
/// <param name="schema">Its settings.</param>
/// <param name="problems">Takes what is wrong.</param>
internal sealed class SectionReader(string path, SettingsSchema schema, ProblemList problems)
{
    private const int LargestSecret = 64 << 10;

    private readonly Dictionary<Setting, YamlMember> written = [];
    private readonly HashSet<Setting> faulty = [];

    /// <summary>Gives the options; where something is wrong they hold the default.</summary>
    /// <param name="place">Where the section's name stands.</param>
    /// <param name="node">What is written under it.</param>
    internal object Read(Place place, YamlNode node)
    {
        var options = schema.CreateOptions();
        if (Members(path, node, "settings", problems) is not { } members)
            return options;
        foreach (var member in members)
            Match(member);
        foreach (var (setting, member) in written)
        {
            if (!Assign(options, setting, member.Value))
                faulty.Add(setting);
        }
        CheckSecrets();
        CheckRequired(place);
        CheckRules(place, options);
        return options;
    }

    /// <summary>The keys of what has to be a mapping; none when nothing is written, null when it is something else.</summary>
    internal static IReadOnlyList<YamlMember>? Members(string path, YamlNode node, string content, ProblemList problems)
    {
        switch (node)
        {
            case YamlNode.Mapping mapping:
                return mapping.Members;
            case YamlNode.Text { IsUnset: true }:
                return [];
            default:
                problems.Add(node.Place, $"{path} must hold {content} (key: value), not {node.Kind}");
                return null;
        }
    }

    /// <summary>What the file says of a setting, or null when it says nothing.</summary>
    internal YamlNode? Find(string name) => schema.Find(name) is { } setting && written.TryGetValue(setting, out var member) ? member.Value : null;

    /// <summary>True when something is wrong with a setting, and was said.</summary>
    internal bool IsFaulty(string name) => schema.Find(name) is { } setting && faulty.Contains(setting);

    private void Match(YamlMember member)
    {
        if (schema.Find(member.Key) is not { } setting)
        {
            var names = schema.Settings.SelectMany(known => (IEnumerable<string>)[known.Name, .. known.Aliases]);
            problems.Add(member.Place, $"{path}.{Shown(member.Key)} is not a setting{Suggestion.For(member.Key, names)}");
        }
        else if (written.TryGetValue(setting, out var first))
        {
            problems.Add(
                member.Place,
                first.Key.Equals(member.Key, StringComparison.OrdinalIgnoreCase)
                    ? $"{path}.{member.Key} is written twice, first in line {first.Place.Line}"
                    : $"{path}.{member.Key} means the same as {first.Key} in line {first.Place.Line}: keep one of them");
        }
        else
        {
            written.Add(setting, member);
        }
    }

    private bool Assign(object options, Setting setting, YamlNode node) => node switch
    {
        YamlNode.Text { IsBroken: true } => false,
        YamlNode.Text { IsEmptied: true } emptied when setting.Kind is SettingKind.Secret or SettingKind.SecretFile =>
            Report(setting, emptied.Place, $"is empty: {emptied.Written} holds nothing; fill it, or remove the key"),
        YamlNode.Text { IsUnset: true } => true,
        YamlNode.Text text when setting.Kind == SettingKind.SecretFile => AssignFile(options, setting, text),
        YamlNode.Text text => Assign(options, setting, text.Place, [text]),
        YamlNode.Sequence sequence when setting.Kind == SettingKind.List => AssignList(options, setting, sequence),
        _ => Report(setting, node.Place, $"must be {Wanted(setting.Kind)}, not {node.Kind}"),
    };

    private bool AssignList(object options, Setting setting, YamlNode.Sequence sequence)
    {
        var good = true;
        var texts = new List<YamlNode.Text>();
        foreach (var item in sequence.Items)
        {
            if (item is not YamlNode.Text text)
                good = Report(setting, item.Place, $"must be {Wanted(SettingKind.List)}, and one of the items is {item.Kind}");
            else if (text.IsBroken)
                good = false;
            else if (text.IsUnset)
                good = Report(setting, item.Place, "has an empty item: remove it");
            else
                texts.Add(text);
        }
        // Each item alone first: a wrong one is then named with its own line, and all of them at once.
        var scratch = schema.CreateOptions();
        foreach (var text in texts)
            good &= Assign(scratch, setting, text.Place, [text]);
        return good && (texts.Count == 0 || Assign(options, setting, sequence.Place, texts));
    }

    private bool AssignFile(object options, Setting setting, YamlNode.Text path)
    {
        string content;
        try
        {
            var file = new FileInfo(path.Value);
            if (file.Exists && file.Length > LargestSecret)
                return Report(setting, path.Place, $"names a file of {file.Length} bytes, which cannot be a secret: {path.Value}");
            content = File.ReadAllText(path.Value);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Report(setting, path.Place, path.Quotable($"names a file that cannot be read: {Because(failure, path.Value)}"));
        }
        content = content.TrimEnd('\r', '\n');
        return content.Length == 0
            ? Report(setting, path.Place, path.Quotable($"names a file that is empty: {path.Value}"))
            : setting.Assign(options, [content]) is not { } || Report(setting, path.Place, "names a file whose content cannot be used");
    }

    private bool Assign(object options, Setting setting, Place place, IReadOnlyList<YamlNode.Text> texts)
    {
        var problem = setting.Assign(options, [.. texts.Select(text => text.Value)]);
        if (problem is null)
            return true;
        foreach (var text in texts)
            problem = text.Quotable(problem);
        return Report(setting, place, problem);
    }

    private bool Report(Setting setting, Place place, string problem)
    {
        problems.Add(place, $"{path}.{NameOf(setting)} {problem}");
        return false;
    }

    private void CheckSecrets()
    {
        foreach (var (setting, member) in written)
        {
            if (setting.Kind == SettingKind.SecretFile
                && schema.Find(setting.Name[..^"File".Length]) is { Kind: SettingKind.Secret } plain
                && IsSet(setting) && IsSet(plain))
                problems.Add(member.Place, $"{path}.{member.Key} and {NameOf(plain)} in line {written[plain].Place.Line} are both set: keep one of them");
        }
    }

    private void CheckRequired(Place place)
    {
        foreach (var setting in schema.Settings.Where(setting => setting.Required && !IsSet(setting)))
        {
            problems.Add(written.TryGetValue(setting, out var empty) ? empty.Place : place, $"{path}.{setting.Name} is required");
            faulty.Add(setting);
        }
    }

    private void CheckRules(Place place, object options)
    {
        // A rule may lean on what is required; without it, it would only add confusion.
        if (faulty.Any(setting => setting.Required))
            return;
        foreach (var problem in schema.Check(options))
        {
            var setting = schema.Find(problem.Setting);
            if (setting is null)
                problems.Add(place, $"{path}.{problem.Setting} {problem.Message}");
            else if (!faulty.Contains(setting))
                problems.Add(written.TryGetValue(setting, out var member) ? member.Value.Place : place, $"{path}.{NameOf(setting)} {problem.Message}");
        }
    }

    private bool IsSet(Setting setting) => written.TryGetValue(setting, out var member) && member.Value is not YamlNode.Text { IsUnset: true, IsBroken: false };

    // The name the user chose, in the spelling of the reference.
    private string NameOf(Setting setting) =>
        written.TryGetValue(setting, out var member)
            ? setting.Aliases.FirstOrDefault(alias => alias.Equals(member.Key, StringComparison.OrdinalIgnoreCase)) ?? setting.Name
            : setting.Name;

    private static string Wanted(SettingKind kind) => kind switch
    {
        SettingKind.Number => "a whole number",
        SettingKind.Duration => "a length of time",
        SettingKind.Flag => "true or false",
        SettingKind.List => "a text or a sequence of texts",
        SettingKind.SecretFile => "the path of a file",
        _ => "a text",
    };

    internal static string Shown(string key) => key.Length > 60 ? $"{key[..60]}…" : key;

    private static string Because(Exception failure, string path) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => $"{path} does not exist",
        UnauthorizedAccessException when Directory.Exists(path) => $"{path} is a folder",
        UnauthorizedAccessException => $"{path} may not be read by this user",
        _ => $"{path} ({failure.GetType().Name})",
    };
}
