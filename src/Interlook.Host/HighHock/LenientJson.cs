using System.Globalization;
using System.Text;

namespace Interlook.Host.HighHock;

/// <summary>
/// Reads JSON (RFC 8259), and what the sample configuration of HighHock's page took for JSON: comments after <c>#</c> or <c>//</c>, a comma
/// before a closing bracket, no comma between two members. Each such repair is told with its line.
/// </summary>
internal sealed class LenientJson
{
    private const int Deepest = 16;

    private readonly string text;
    private readonly List<(int Line, string Repair)> repairs;
    private readonly List<LenientMember> members = [];
    private int at;
    private int line = 1;

    private LenientJson(string text, List<(int Line, string Repair)> repairs)
    {
        this.text = text;
        this.repairs = repairs;
    }

    /// <summary>Reads the one object of a file.</summary>
    /// <param name="text">The file's content.</param>
    /// <param name="repairs">Gets what had to be repaired.</param>
    /// <returns>Its values, in the order of the file; objects are not among them.</returns>
    /// <exception cref="FormatException">It cannot be repaired; the message names the line.</exception>
    internal static IReadOnlyList<LenientMember> Read(string text, List<(int Line, string Repair)> repairs)
    {
        var json = new LenientJson(text.TrimStart('\uFEFF'), repairs);
        json.Pass();
        if (json.Next != '{')
            throw json.Fault("holds no JSON object: it begins with '{'");
        json.ReadObject("", 0);
        json.Pass();
        if (json.at < json.text.Length)
            throw json.Fault("goes on behind the closing '}'");
        return json.members;
    }

    private char Next => at < text.Length ? text[at] : '\0';

    private void ReadObject(string path, int depth) => ReadItems('}', depth, () =>
    {
        if (Next != '"')
            throw Fault("needs a key in double quotes here");
        var key = ReadText();
        Pass();
        if (Next != ':')
            throw Fault($"needs a ':' behind \"{key}\"");
        at++;
        Pass();
        ReadValue(path.Length == 0 ? key : $"{path}.{key}", depth);
    });

    private void ReadValue(string path, int depth)
    {
        var begins = line;
        switch (Next)
        {
            case '{':
                ReadObject(path, depth + 1);
                break;
            case '[':
                var before = members.Count;
                ReadItems(']', depth + 1, () => ReadValue(path, depth + 1));
                members.RemoveRange(before, members.Count - before); // no setting is a list
                members.Add(new LenientMember(path, LenientMember.List, "", begins));
                break;
            case '"':
                members.Add(new LenientMember(path, LenientMember.Words, ReadText(), begins));
                break;
            default:
                var word = ReadWord();
                members.Add(new LenientMember(path, KindOf(word), word, begins));
                break;
        }
    }

    /// <summary>Reads what stands between brackets, with the commas that are there and those that ought to be.</summary>
    private void ReadItems(char closing, int depth, Action readItem)
    {
        if (depth > Deepest)
            throw Fault($"nests deeper than {Deepest} brackets");
        at++;
        for (var isFirst = true; ; isFirst = false)
        {
            Pass();
            if (!isFirst && Next == ',')
            {
                at++;
                Pass();
                if (Next == closing)
                    repairs.Add((line, $"there is a comma before '{closing}', which JSON does not allow: passed over"));
            }
            else if (!isFirst && Next != closing && Next != '\0')
            {
                repairs.Add((line, "a comma is missing before this line's item: taken as there"));
            }
            if (Next == '\0')
                throw Fault($"ends before the '{closing}' that is missing");
            if (Next == closing)
            {
                at++;
                return;
            }
            readItem();
        }
    }

    private string ReadText()
    {
        var content = new StringBuilder();
        for (at++; Next != '"'; at++)
        {
            if (Next is '\0' or '\n' or '\r')
                throw Fault("holds a text whose closing quote is missing");
            content.Append(Next == '\\' ? ReadEscape() : Next);
        }
        at++;
        return content.ToString();
    }

    private char ReadEscape()
    {
        at++;
        switch (Next)
        {
            case '"' or '\\' or '/':
                return Next;
            case 'n':
                return '\n';
            case 't':
                return '\t';
            case 'r':
                return '\r';
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'u' when at + 4 < text.Length && ushort.TryParse(text.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                at += 4;
                return (char)code;
            default:
                throw Fault("holds a backslash that escapes nothing");
        }
    }

    private string ReadWord()
    {
        var begin = at;
        while (char.IsAsciiLetterOrDigit(Next) || Next is '-' or '+' or '.')
            at++;
        return at > begin ? text[begin..at] : throw Fault("needs a value here");
    }

    private string KindOf(string word) => word switch
    {
        "true" or "false" => LenientMember.Flag,
        "null" => LenientMember.Null,
        _ when double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _) => LenientMember.Number,
        _ => throw Fault($"holds the word {word}, which JSON does not know: is it a text without quotes?"),
    };

    /// <summary>Passes over blanks and comments.</summary>
    private void Pass()
    {
        while (true)
        {
            if (Next == '#' || (Next == '/' && at + 1 < text.Length && text[at + 1] == '/'))
            {
                repairs.Add((line, "there is a comment, which JSON does not know: passed over"));
                while (Next is not ('\n' or '\0'))
                    at++;
            }
            else if (Next is ' ' or '\t' or '\r' or '\n')
            {
                line += Next == '\n' ? 1 : 0;
                at++;
            }
            else
            {
                return;
            }
        }
    }

    private FormatException Fault(string problem) => new($"line {line} {problem}");
}
