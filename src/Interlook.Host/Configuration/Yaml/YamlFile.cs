using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Interlook.Host.Configuration.Yaml;

/// <summary>
/// Reads YAML into nodes that know their place. Stricter than YAML: one document, no anchors, aliases, merge keys or tags, so that what a
/// setting is can be seen where it stands.
/// </summary>
internal sealed class YamlFile
{
    // Deeper than any section goes; a bound, so that a hostile file cannot exhaust the stack.
    private const int Deepest = 32;

    private readonly Parser parser;
    private readonly ProblemList problems;
    private readonly Func<string, string?> environment;

    private YamlFile(string text, ProblemList problems, Func<string, string?> environment)
    {
        parser = new Parser(new StringReader(text));
        this.problems = problems;
        this.environment = environment;
    }

    /// <summary>Reads a text; null when it is empty or is not YAML, which is then among the problems.</summary>
    internal static YamlNode? Read(string text, ProblemList problems, Func<string, string?> environment)
    {
        var file = new YamlFile(text, problems, environment);
        try
        {
            return file.Document();
        }
        catch (YamlException failure)
        {
            problems.Add(PlaceOf(failure.Start), $"is not valid YAML: {Plain(failure.Message)}");
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException)
        {
            // YamlDotNet 16.3 trips over some broken texts, such as an unclosed flow sequence before a plain key, and gives no place then.
            problems.Add(file.Reached, "is not valid YAML here or shortly after: look for a bracket, brace or quote that is not closed");
        }
        if (TabbedLine(text) is { } tab)
            problems.Add(tab, "a line is indented with a tab: YAML allows only spaces");
        return null;
    }

    private Place Reached => parser.Current is { } last ? PlaceOf(last.Start) : Place.Start;

    private YamlNode? Document()
    {
        parser.Consume<StreamStart>();
        if (parser.TryConsume<StreamEnd>(out _))
        {
            problems.Add(Place.Start, "the file is empty: it needs at least core.workflow and the sections of its steps");
            return null;
        }
        parser.Consume<DocumentStart>();
        var root = Node(0);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second))
            problems.Add(PlaceOf(second.Start), "a second document begins here: a configuration is one document");
        return root;
    }

    private YamlNode Node(int depth)
    {
        var next = parser.Current ?? throw new YamlException("the file ends too early");
        if (depth > Deepest)
            throw new YamlException(next.Start, next.End, $"sections lie more than {Deepest} deep");
        if (next is NodeEvent { Anchor.IsEmpty: false })
            problems.Add(PlaceOf(next.Start), "an anchor (&name) is not supported: write the value where it is used");
        if (next is NodeEvent { Tag.IsEmpty: false } tagged)
            problems.Add(PlaceOf(next.Start), $"a tag ({tagged.Tag.Value}) is not supported: every value is read as its setting wants it");
        parser.MoveNext();
        switch (next)
        {
            case Scalar scalar:
                return TextOf(scalar);
            case SequenceStart:
                var items = ImmutableArray.CreateBuilder<YamlNode>();
                while (!parser.TryConsume<SequenceEnd>(out _))
                    items.Add(Node(depth + 1));
                return new YamlNode.Sequence(PlaceOf(next.Start), items.ToImmutable());
            case MappingStart:
                var members = ImmutableArray.CreateBuilder<YamlMember>();
                while (!parser.TryConsume<MappingEnd>(out _))
                    Member(members, depth + 1);
                return new YamlNode.Mapping(PlaceOf(next.Start), members.ToImmutable());
            case AnchorAlias alias:
                problems.Add(PlaceOf(alias.Start), $"an alias (*{alias.Value}) is not supported: write the value where it is used");
                return Broken(PlaceOf(alias.Start));
            default:
                throw new YamlException(next.Start, next.End, "a value was expected");
        }
    }

    private void Member(ImmutableArray<YamlMember>.Builder members, int depth)
    {
        // Keys are not filled in: a variable in a key would make the file's meaning depend on where it is read.
        if (parser.Current is Scalar { Anchor.IsEmpty: true, Tag.IsEmpty: true } key)
        {
            parser.MoveNext();
            var place = PlaceOf(key.Start);
            var value = Node(depth);
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
                problems.Add(place, "a merge key (<<) is not supported: write the settings where they are used");
            else if (key.Value.Length == 0)
                problems.Add(place, "a key is empty");
            else
                members.Add(new YamlMember(key.Value, place, value));
            return;
        }
        var where = PlaceOf(parser.Current!.Start);
        Node(depth);
        Node(depth);
        problems.Add(where, "a key must be a plain text");
    }

    private YamlNode.Text TextOf(Scalar scalar)
    {
        var place = PlaceOf(scalar.Start);
        var value = Variables.FillIn(scalar.Value, environment, out var problem);
        if (problem is not null)
        {
            problems.Add(place, $"the value {problem}");
            return Broken(place);
        }
        return new YamlNode.Text(place, scalar.Value, value, scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted);
    }

    private static YamlNode.Text Broken(Place place) => new(place, "", "", quoted: false) { IsBroken = true };

    private static Place PlaceOf(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    private static Place? TabbedLine(string text)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var indentation = line[..(line.Length - line.TrimStart(" \t").Length)];
            if (indentation.Length < line.Length && indentation.IndexOf('\t') is >= 0 and var tab)
                return new Place(number, tab + 1);
        }
        return null;
    }

    private static string Plain(string message) => char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.');
}
