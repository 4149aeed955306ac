using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Xml;

namespace Interlook.Extensions.Kemp.Wire;

/// <summary>The first interface: a GET of <c>/access/COMMAND?name=value</c>, answered in XML.</summary>
internal sealed class QueryFormat(KempOptions options) : ICallFormat
{
    private static readonly XmlReaderSettings ReaderSettings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreWhitespace = true,
        IgnoreComments = true,
    };

    /// <inheritdoc/>
    public HttpRequestMessage Request(KempCommand command)
    {
        var parameters = options.ApiKey is { } key ? command.With(("apikey", key.Reveal())) : command;
        var query = string.Join('&', parameters.Parameters.Select(each => $"{each.Name}={Uri.EscapeDataString(each.Value)}"));
        var request = new HttpRequestMessage(HttpMethod.Get, $"{options.Root}/access/{command.Name}{(query == "" ? "" : $"?{query}")}");
        if (options is { Username: { } user, Password: { } password })
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password.Reveal()}")));
        return request;
    }

    /// <inheritdoc/>
    public KempReply Read(byte[] body)
    {
        try
        {
            // From bytes: the prolog names the character set, which is not UTF-8. As a stream: a list may be many megabytes.
            using var reader = XmlReader.Create(new MemoryStream(body, writable: false), ReaderSettings);
            return ReadResponse(reader);
        }
        catch (XmlException problem)
        {
            throw new FormatException($"it is no XML from line {problem.LineNumber} on", problem);
        }
    }

    private static KempReply ReadResponse(XmlReader reader)
    {
        if (reader.MoveToContent() != XmlNodeType.Element
            || reader.LocalName != "Response"
            || !int.TryParse(reader.GetAttribute("stat"), NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            throw new FormatException("it is XML, but no Response with a status");
        var (row, services, error) = (new ReplyRow(), new List<ReplyRow>(), (string?)null);
        EachChild(reader, name =>
        {
            if (name == "Error")
                error = reader.ReadElementContentAsString().Trim();
            else
                ReadSuccess(reader, row, services);
        });
        return new(error is not null && status < 400 ? 422 : status, error, row, services);
    }

    /// <summary>Reads a <c>Success</c>: a sentence, or a <c>Data</c>.</summary>
    private static void ReadSuccess(XmlReader reader, ReplyRow row, List<ReplyRow> services) => EachChild(reader, _ => EachChild(reader, name =>
    {
        if (name == "VS")
            services.Add(ReadRow(reader, new()));
        else
            ReadPart(reader, name, row);
    }));

    private static ReplyRow ReadRow(XmlReader reader, ReplyRow row)
    {
        EachChild(reader, name => ReadPart(reader, name, row));
        return row;
    }

    private static void ReadPart(XmlReader reader, string name, ReplyRow row)
    {
        if (name == "Rs")
            row.Servers.Add(ReadRow(reader, new()));
        else if (ReadText(reader) is { } text)
            row.Elements[name] = text;
    }

    /// <summary>An element's text; null when it has elements of its own.</summary>
    private static string? ReadText(XmlReader reader)
    {
        string? text = "";
        EachChild(reader, _ =>
        {
            text = null;
            reader.Skip();
        }, written => text += written.Trim());
        return text;
    }

    /// <summary>Goes through an element and leaves the reader behind it.</summary>
    /// <param name="reader">Stands at the element's begin.</param>
    /// <param name="child">Called for each child with its name; reads it to its end.</param>
    /// <param name="text">Called for each text.</param>
    private static void EachChild(XmlReader reader, Action<string> child, Action<string>? text = null)
    {
        if (reader.IsEmptyElement)
        {
            reader.Read();
            return;
        }
        reader.Read();
        while (reader.NodeType != XmlNodeType.EndElement)
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                child(reader.LocalName);
                continue;
            }
            if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
                text?.Invoke(reader.Value);
            if (!reader.Read())
                break;
        }
        reader.Read();
    }
}
