using System.Buffers;
using Interlook.Configuration;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.GestioIP;

/// <summary>The settings of <c>ipam.gestioip</c>.</summary>
public sealed class GestioIPOptions
{
    private const string Script = "/api/api.cgi";
    private const int LongestTag = 40;

    /// <summary>GestioIP refuses these wherever they stand in a value.</summary>
    private static readonly SearchValues<char> Refused = SearchValues.Create("&;`'\\<>=^%#*");

    /// <summary>Where GestioIP answers, without <c>/api/api.cgi</c>.</summary>
    /// <value>Required.</value>
    public Uri Endpoint { get; set; } = new("http://127.0.0.1/gestioip");

    /// <summary>The user of the interface.</summary>
    /// <value>Required.</value>
    public string Username { get; set; } = "";

    /// <summary>The user's password.</summary>
    /// <value>Required.</value>
    public Secret? Password { get; set; }

    /// <summary>GestioIP's client: a set of networks of its own.</summary>
    /// <value>Default: <c>DEFAULT</c>.</value>
    public string Client { get; set; } = "DEFAULT";

    /// <summary>The networks whose addresses are reserved; the next one is used when one is full.</summary>
    /// <value>Required.</value>
    internal IReadOnlyList<ReservableNetwork> Networks { get; set; } = [];

    /// <summary>How our reservations' comments begin.</summary>
    /// <value>Default: <c>interlook</c>.</value>
    public string DescriptionTag { get; set; } = "interlook";

    /// <summary>The site that reservations get.</summary>
    /// <value>Default: none.</value>
    public string? Site { get; set; }

    /// <summary>The category that reservations get.</summary>
    /// <value>Default: none.</value>
    public string? Category { get; set; }

    /// <summary>The TLS side of the connection.</summary>
    public TlsSettings Tls { get; } = new();

    /// <summary>The settings as the host reads them.</summary>
    public static SettingsSchema<GestioIPOptions> SettingsSchema { get; } = Configuration.SettingsSchema.For<GestioIPOptions>()
        .Value("endpoint", ReadEndpoint, (o, url) => o.Endpoint = url,
            "Where GestioIP answers: `https://ipam.example.org/gestioip`. `/api/api.cgi` is put behind it unless it ends in `.cgi`.", required: true)
        .Text("username", (o, text) => o.Username = text.Trim(), "The user of GestioIP's interface.", required: true)
        .Secret("password", (o, password) => o.Password = password, "The user's password.")
        .Value("client", ReadName, (o, client) => o.Client = client ?? "DEFAULT", "GestioIP's client, a set of networks of its own.", "DEFAULT")
        .List("network", ReservableNetwork.Parse, (o, networks) => o.Networks = networks,
            "The networks, IPv4 or IPv6, whose addresses are reserved: when one is full, the next. They must exist in GestioIP.")
        .Value("descriptionTag", ReadTag, (o, tag) => o.DescriptionTag = tag,
            "How the comments of our reservations begin. After a change, earlier reservations are nobody's.", "interlook",
            $"1 to {LongestTag} letters, digits, `-`, `_`, `.`")
        .Value("site", ReadName, (o, site) => o.Site = site, "The site that reservations get; it must exist in GestioIP.")
        .Value("category", ReadName, (o, category) => o.Category = category, "The category that reservations get; it must exist in GestioIP.")
        .Tls(o => o.Tls, "GestioIP")
        .Rule(options => options.Check());

    /// <summary>The interface's script.</summary>
    internal Uri Url => Endpoint.AbsolutePath.EndsWith(".cgi", StringComparison.Ordinal) ? Endpoint : new(Root + Script);

    /// <summary>For messages: <c>GestioIP at https://ipam.example.org/gestioip</c>.</summary>
    internal string Called => $"GestioIP at {Root}";

    private string Root => Endpoint.AbsoluteUri.TrimEnd('/');

    private static Uri ReadEndpoint(string text)
    {
        var url = SettingReaders.HttpUrl(text);
        return url.UserInfo.Length == 0 ? url : throw new FormatException("must not hold a user or password: use `username` and `passwordFile`");
    }

    private static string? ReadName(string text)
    {
        var written = text.Trim();
        if (written.AsSpan().ContainsAny(Refused))
            throw new FormatException($"holds a character that GestioIP refuses (any of & ; ` ' \\ < > = ^ % # *): '{text}'");
        return written == "" ? null : written;
    }

    private static string ReadTag(string text) =>
        text.Length is >= 1 and <= LongestTag && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            ? text
            : throw new FormatException($"must be 1 to {LongestTag} letters, digits, '-', '_' and '.', not '{text}'");

    private IEnumerable<SettingProblem> Check()
    {
        if (Username == "")
            yield return new("username", "must not be empty");
        if (Password is null)
            yield return new("password", "is missing: write passwordFile, or password");
        if (Networks.Count == 0)
            yield return new("network", "must name at least one network, such as 192.168.99.0/24");
        for (var i = 0; i < Networks.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (Networks[j].Span.Contains(Networks[i].Address) || Networks[i].Span.Contains(Networks[j].Address))
                    yield return new("network", $"{Networks[i]} overlaps {Networks[j]}: remove one of the two");
            }
        }
    }
}
