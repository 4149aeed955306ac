using System.Security;
using System.Text;
using System.Text.Json;

namespace Interlook.Simulators.Kemp;

/// <summary>The answer to one command, and its two forms.</summary>
/// <param name="Status">The status of the envelope.</param>
/// <param name="Text">The error, or what is said in place of elements; null when there are elements.</param>
/// <param name="Elements">What was asked for.</param>
internal sealed record Reply(int Status, string? Text, IReadOnlyList<Element> Elements)
{
    internal static Reply Done { get; } = new(200, "Command completed ok", []);

    internal static Reply With(IReadOnlyList<Element> elements) => new(200, null, elements);

    internal static Reply Of(Refusal refusal) => new(refusal.Status, refusal.Message, []);

    private bool IsFailure => Status >= 400;

    /// <summary>The first interface's form; in ISO-8859-1, as its prolog says.</summary>
    internal byte[] ToXml()
    {
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n");
        xml.Append($"<Response stat=\"{Status}\" code=\"{(IsFailure ? "fail" : "ok")}\">\n");
        if (IsFailure)
            xml.Append($"<Error>{SecurityElement.Escape(Text)}</Error>\n");
        else if (Text is not null)
            xml.Append($"<Success>{SecurityElement.Escape(Text)}</Success>\n");
        else
            Write(xml.Append("<Success><Data>"), Elements).Append("</Data></Success>\n");
        return Encoding.Latin1.GetBytes(xml.Append("</Response>\n").ToString());
    }

    /// <summary>The second interface's form.</summary>
    internal byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("code", Status);
            if (Text is not null)
                json.WriteString("message", Text);
            Write(json, Elements);
            json.WriteString("status", IsFailure ? "fail" : "ok");
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static StringBuilder Write(StringBuilder xml, IReadOnlyList<Element> elements)
    {
        foreach (var element in elements)
        {
            xml.Append($"<{element.Name}>");
            if (element.Kind == ElementKind.Rows)
                Write(xml.Append('\n'), element.Parts);
            else if (element.Kind == ElementKind.Words)
                xml.Append('\n').AppendJoin('\n', element.Text.Split(' ').Select(word => $"<Opt>{word}</Opt>")).Append('\n');
            else
                xml.Append(SecurityElement.Escape(element.Text));
            xml.Append($"</{element.Name}>\n");
        }
        return xml;
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<Element> elements)
    {
        foreach (var element in elements.Where(element => element.Kind != ElementKind.Rows))
            Write(json, element);
        foreach (var rows in elements.Where(element => element.Kind == ElementKind.Rows).GroupBy(element => element.Name))
        {
            json.WriteStartArray(rows.Key);
            foreach (var row in rows)
            {
                json.WriteStartObject();
                Write(json, row.Parts);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
    }

    private static void Write(Utf8JsonWriter json, Element element)
    {
        json.WritePropertyName(element.Name);
        switch (element.Kind)
        {
            case ElementKind.Number:
                json.WriteRawValue(element.Text);
                break;
            case ElementKind.Flag:
                json.WriteBooleanValue(element.Text == "Y");
                break;
            case ElementKind.Words:
                json.WriteStartArray();
                foreach (var word in element.Text.Split(' '))
                    json.WriteStringValue(word);
                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(element.Text);
                break;
        }
    }
}
