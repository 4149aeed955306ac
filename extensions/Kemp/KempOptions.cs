using System.Text.RegularExpressions;
using Interlook.Configuration;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.Kemp;

/// <summary>The settings of <c>lb.kemplm</c>.</summary>
internal sealed partial class KempOptions
{
    private static readonly string[] Types = ["gen", "http", "http2", "ts", "tls", "log"];

    private static readonly string[] Checks =
    [
        "tcp", "icmp", "http", "https", "smtp", "nntp", "ftp", "telnet", "pop3", "imap", "rdp", "bdata", "ldap", "none",
    ];

    private static readonly string[] Schedules = ["wrr", "rr", "lc", "wlc", "fixed", "adaptive", "sh", "dl", "sdn-adaptive", "uhash"];

    /// <summary>Where the appliance is administered.</summary>
    public Uri Endpoint { get; set; } = new("https://localhost");

    /// <summary>Which of its interfaces is spoken: <c>v1</c> (XML) or <c>v2</c> (JSON, since 7.2.50).</summary>
    /// <value>Default: <c>v1</c>.</value>
    public string Api { get; set; } = "v1";

    /// <summary>The user.</summary>
    /// <value>Default: none.</value>
    public string? Username { get; set; }

    /// <summary>The user's password.</summary>
    /// <value>Default: none.</value>
    public Secret? Password { get; set; }

    /// <summary>An API key in place of user and password.</summary>
    /// <value>Default: none.</value>
    public Secret? ApiKey { get; set; }

    /// <summary>The TLS side of the connection.</summary>
    public TlsSettings Tls { get; } = new();

    /// <summary>The port of services without TLS.</summary>
    /// <value>Default: 80.</value>
    public int HttpPort { get; set; } = 80;

    /// <summary>The port of services with TLS, which is passed through.</summary>
    /// <value>Default: 443.</value>
    public int HttpsPort { get; set; } = 443;

    /// <summary>The type of virtual services without TLS; those with TLS are always <c>gen</c>.</summary>
    /// <value>Default: <c>gen</c>.</value>
    public string VsType { get; set; } = "gen";

    /// <summary>How the appliance checks real servers.</summary>
    /// <value>Default: <c>tcp</c>.</value>
    public string CheckType { get; set; } = "tcp";

    /// <summary>The port that is checked; 0 is the one that gets the traffic.</summary>
    /// <value>Default: 0.</value>
    public int CheckPort { get; set; }

    /// <summary>How clients stay with a real server; <c>none</c> for not at all.</summary>
    /// <value>Default: <c>none</c>.</value>
    public string Persistence { get; set; } = "none";

    /// <summary>How long a client that is silent stays with its real server.</summary>
    /// <value>Default: 6 minutes.</value>
    public TimeSpan PersistenceTimeout { get; set; } = TimeSpan.FromMinutes(6);

    /// <summary>How connections are shared out.</summary>
    /// <value>Default: <c>wrr</c>, the first that looks at weights.</value>
    public string Schedule { get; set; } = "wrr";

    /// <summary>Whether real servers may lie outside the appliance's networks; null as long as it was not said.</summary>
    /// <value>Default: null, which is true without <see cref="Transparent"/>.</value>
    public bool? NonLocal { get; set; }

    /// <summary>True when real servers see the client's address.</summary>
    /// <value>Default: false.</value>
    public bool Transparent { get; set; }

    /// <summary>How long a real server that is no longer wanted keeps the connections it has.</summary>
    /// <value>Default: 5 seconds.</value>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most calls in a second, in the long run.</summary>
    /// <value>Default: 8.</value>
    public int MaxCallsPerSecond { get; set; } = 8;

    /// <summary>The longest wait for one answer.</summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How these settings are written.</summary>
    public static SettingsSchema<KempOptions> SettingsSchema { get; } = Configuration.SettingsSchema.For<KempOptions>()
        .Value("endpoint", ReadEndpoint, (o, url) => o.Endpoint = url, "Where the appliance is administered: `https://192.168.99.2`.", required: true)
        .Choice("api", (o, word) => o.Api = word, "Which of its interfaces is spoken: `v2` is there since 7.2.50.", "v1", "v1", "v2")
        .Text("username", (o, text) => o.Username = text.Trim() is { Length: > 0 } user ? user : null,
            "The user, with `passwordFile`; in place of both `apiKeyFile`, or `clientCert` and `clientKey`.")
        .Secret("password", (o, password) => o.Password = password, "The user's password.")
        .Secret("apiKey", (o, key) => o.ApiKey = key, "An API key in place of user and password.")
        .Tls(o => o.Tls, "the appliance", certAlias: "clientCert", keyAlias: "clientKey")
        .Number("httpPort", (o, port) => o.HttpPort = port, "The port of services without TLS.", 3, 65530, "80")
        .Number("httpsPort", (o, port) => o.HttpsPort = port, "The port of services with TLS, which is passed through.", 3, 65530, "443")
        .Choice("vsType", (o, word) => o.VsType = word, "The type of virtual services without TLS; those with TLS are always `gen`.", "gen", Types)
        .Choice("checkType", (o, word) => o.CheckType = word, "How the appliance checks real servers.", "tcp", Checks)
        .Number("checkPort", (o, port) => o.CheckPort = port, "The port that is checked; 0 is the one that gets the traffic.", 0, 65530, "0")
        .Value("persistence", ReadPersistence, (o, word) => o.Persistence = word,
            "How clients stay with a real server: a value of the appliance's `persist`, such as `src`.", "none")
        .Duration("persistenceTimeout", (o, time) => o.PersistenceTimeout = time,
            "How long a client that is silent stays with its real server.", TimeSpan.FromMinutes(1), TimeSpan.FromDays(7), "6m")
        .Choice("schedule", (o, word) => o.Schedule = word, "How connections are shared out; `rr` and `lc` do not look at weights.", "wrr", Schedules)
        .Flag("nonLocal", (o, flag) => o.NonLocal = flag,
            "Whether real servers may lie outside the appliance's networks; its option for non-local real servers must be on.", "true without transparent")
        .Flag("transparent", (o, flag) => o.Transparent = flag, "Whether real servers see the client's address.")
        .Duration("drainTime", (o, time) => o.DrainTime = time,
            "How long a real server that is no longer wanted keeps the connections it has.", TimeSpan.Zero, TimeSpan.FromMinutes(1), "5s")
        .Number("maxCallsPerSecond", (o, calls) => o.MaxCallsPerSecond = calls,
            "The most calls in a second; the appliance drops the 31st within 3 seconds, others' calls included.", 1, 1000, "8")
        .Duration("answerTimeout", (o, time) => o.AnswerTimeout = time, "The longest wait for one answer.", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), "10s")
        .Rule(Check);

    /// <summary>For messages: <c>LoadMaster at https://192.168.99.2</c>.</summary>
    internal string Called => $"LoadMaster at {Root}";

    /// <summary>The endpoint without a slash at its end.</summary>
    internal string Root => Endpoint.AbsoluteUri.TrimEnd('/');

    /// <summary>True when real servers are added as ones that may lie outside.</summary>
    internal bool AddsNonLocal => NonLocal ?? !Transparent;

    private static Uri ReadEndpoint(string text)
    {
        var url = SettingReaders.HttpUrl(text.Trim());
        return url.UserInfo.Length == 0 ? url : throw new FormatException("must not hold a user or password: use `username` and `passwordFile`");
    }

    private static string ReadPersistence(string text) => Word().IsMatch(text)
        ? text.ToLowerInvariant()
        : throw new FormatException($"must be a word of letters and hyphens such as src, cookie or none, not '{text}'");

    private static IEnumerable<SettingProblem> Check(KempOptions options)
    {
        if (options.Username is not null && options.Password is null)
            yield return new("username", "needs passwordFile beside it");
        if (options.Password is not null && options.Username is null)
            yield return new("password", "needs username beside it");
        if (options is { ApiKey: not null, Username: not null })
            yield return new("apiKey", "stands beside username: write one of the two");
        if (options is { ApiKey: null, Username: null, Password: null, Tls.Cert: "" })
            yield return new("username", "is missing: write username and passwordFile, apiKeyFile, or clientCert and clientKey");
        if (options is { Api: "v2", ApiKey: null, Username: null, Password: null, Tls.Cert: not "" })
            yield return new("api", "v2 does not take a client certificate for a login: write v1, or username and passwordFile, or apiKeyFile");
        if (options is { Transparent: true, NonLocal: true })
            yield return new("nonLocal", "cannot be true with transparent: the appliance takes no non-local real servers for a transparent service");
    }

    [GeneratedRegex("^[A-Za-z]+(-[A-Za-z]+)*$")]
    private static partial Regex Word();
}
