using System.Buffers;
using Interlook.Configuration;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.BigIp;

/// <summary>The settings of <c>lb.f5ltm</c>.</summary>
internal sealed class BigIpOptions
{
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("/~ ?#%");

    private static readonly string[] Modes =
    [
        "least-connections-member", "round-robin", "ratio-member", "ratio-least-connections-member", "dynamic-ratio-member", "observed-member",
        "predictive-member", "least-connections-node", "ratio-node", "ratio-least-connections-node", "dynamic-ratio-node", "observed-node",
        "predictive-node", "fastest-node", "fastest-app-response", "least-sessions", "ratio-session",
    ];

    /// <summary>Where iControl REST answers.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The user.</summary>
    /// <value>Default: none.</value>
    public string Username { get; set; } = "";

    /// <summary>The user's password.</summary>
    /// <value>Default: none.</value>
    public Secret? Password { get; set; }

    /// <summary>Who knows the user.</summary>
    /// <value>Default: <c>tmos</c>, the appliance.</value>
    public string AuthProvider { get; set; } = "tmos";

    /// <summary>A token that somebody else obtained and keeps alive.</summary>
    /// <value>Default: none; we log in.</value>
    public Secret? AuthToken { get; set; }

    /// <summary>The port of services without TLS.</summary>
    /// <value>Default: 80.</value>
    public int HttpPort { get; set; } = 80;

    /// <summary>The port of services with TLS, which is passed through.</summary>
    /// <value>Default: 443.</value>
    public int HttpsPort { get; set; } = 443;

    /// <summary>The monitor of the target pools: a name, a full path, or a rule such as <c>min 1 of { /Common/a /Common/b }</c>.</summary>
    /// <value>Default: empty, none.</value>
    public string MonitorName { get; set; } = "";

    /// <summary>The protocol profile of virtual servers.</summary>
    /// <value>Default: empty, the appliance's own.</value>
    public string TcpProfile { get; set; } = "";

    /// <summary>Where our objects are.</summary>
    /// <value>Default: <c>Common</c>.</value>
    public string Partition { get; set; } = "Common";

    /// <summary>The route domain of addresses; null takes the partition's default.</summary>
    public int? RouteDomain { get; set; }

    /// <summary>How connections are shared out among targets.</summary>
    /// <value>Default: <c>least-connections-member</c>.</value>
    public string LoadBalancingMode { get; set; } = Modes[0];

    /// <summary>True gives each service a rule in shared policies, false a virtual server of its own.</summary>
    /// <value>Default: false.</value>
    public bool UsesPolicies { get; set; }

    /// <summary>The policy with a rule for each service without TLS.</summary>
    /// <value>Default: empty, there are no such services.</value>
    public string GlobalHttpPolicy { get; set; } = "";

    /// <summary>The policy with a rule for each service with TLS.</summary>
    /// <value>Default: empty, there are no such services.</value>
    public string GlobalSslPolicy { get; set; } = "";

    /// <summary>What stands in descriptions behind our mark.</summary>
    public string DescriptionSuffix { get; set; } = "(auto generated - do not edit)";

    /// <summary>The HTTP proxy on the way to the appliance; null for none.</summary>
    public Uri? Proxy { get; set; }

    /// <summary>The device group that changes are synchronised to.</summary>
    /// <value>Default: empty, none.</value>
    public string ConfigSync { get; set; } = "";

    /// <summary>True saves the configuration after changes, so that they survive a reboot.</summary>
    /// <value>Default: true.</value>
    public bool SaveConfig { get; set; } = true;

    /// <summary>Longest wait for one answer.</summary>
    /// <value>Default: 30 seconds.</value>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The TLS side of the connection.</summary>
    public TlsSettings Tls { get; } = new();

    /// <summary>For messages: <c>F5 BIG-IP at https://10.32.20.100</c>.</summary>
    internal string Called => $"F5 BIG-IP at {Endpoint?.AbsoluteUri.TrimEnd('/')}";

    /// <summary>The settings of <c>lb.f5ltm</c>.</summary>
    internal static SettingsSchema<BigIpOptions> SettingsSchema { get; } = Configuration.SettingsSchema.For<BigIpOptions>()
        .Value("httpEndpoint", ReadEndpoint, (o, url) => o.Endpoint = url, "Where the appliance's iControl REST answers.", required: true, aliases: "endpoint")
        .Text("username", (o, text) => o.Username = text.Trim(), "The user; needs the right to change the partition.")
        .Secret("password", (o, password) => o.Password = password, "The user's password.")
        .Text("authProvider", (o, text) => o.AuthProvider = text.Trim() is { Length: > 0 } name ? name : "tmos", "Who knows the user.", "tmos")
        .Secret("authToken", (o, token) => o.AuthToken = Written(token), "A token obtained elsewhere, used instead of logging in as long as it is good.")
        .Number("httpPort", (o, port) => o.HttpPort = port, "Port of services without TLS.", 1, 65535, "80")
        .Number("httpsPort", (o, port) => o.HttpsPort = port, "Port of services with TLS, which is passed through.", 1, 65535, "443")
        .Text("monitorName", (o, text) => o.MonitorName = text.Trim(), "Monitor of the target pools, as `tcp`, `/P/name` or `min 1 of { /P/a /P/b }`.", "none")
        .Text("tcpProfile", (o, text) => o.TcpProfile = text.Trim(), "Protocol profile of virtual servers, as `tcp` or `/P/name`.", "the appliance's")
        .Value("partition", ReadName, (o, name) => o.Partition = name is "" ? "Common" : name, "The partition that our objects are in; it must exist.", "Common")
        .Number("routeDomain", (o, number) => o.RouteDomain = number, "Route domain of public addresses and targets.", 0, 65534, "the partition's")
        .Choice("loadBalancingMode", (o, mode) => o.LoadBalancingMode = mode,
            "How connections are shared out. Weights count only in those with `ratio`.", Modes[0], Modes)
        .Choice("updateMode", (o, mode) => o.UsesPolicies = mode == "policy",
            "`vs`: a virtual server for each service. `policy`: a rule for each service in shared policies.", "vs", "vs", "policy")
        .Value("globalHTTPPolicy", ReadName, (o, name) => o.GlobalHttpPolicy = name, "The published policy that gets the rules of services without TLS.")
        .Value("globalSSLPolicy", ReadName, (o, name) => o.GlobalSslPolicy = name, "The published policy that gets the rules of services with TLS.")
        .Value("objectDescriptionSuffix", ReadSuffix, (o, text) => o.DescriptionSuffix = text,
            "Text in the description of our objects, behind the mark.", "(auto generated - do not edit)")
        .Value("proxy", ReadProxy, (o, url) => o.Proxy = url, "HTTP proxy on the way to the appliance.")
        .Value("configSync", ReadName, (o, name) => o.ConfigSync = name, "Device group that changes are synchronised to.")
        .Flag("saveConfig", (o, flag) => o.SaveConfig = flag, "Saves the configuration after changes, so that they survive a reboot.", "true")
        .Duration("answerTimeout", (o, time) => o.AnswerTimeout = time,
            "Longest wait for one answer.", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), "30s")
        .Tls(o => o.Tls, "the appliance")
        .Rule(Check);

    private static Secret? Written(Secret token) => token.Reveal().Trim() == "" ? null : token;

    private static Uri ReadEndpoint(string text)
    {
        // The earlier system took a bare host name.
        var url = SettingReaders.HttpUrl(text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}");
        return url.UserInfo.Length == 0 ? url : throw new FormatException("must not hold a user or password: use `username` and `passwordFile`");
    }

    private static Uri? ReadProxy(string text)
    {
        if (text == "")
            return null;
        var url = SettingReaders.HttpUrl(text);
        return url.UserInfo.Length == 0 ? url : throw new FormatException("must not hold a user or password: no proxy is logged in to");
    }

    private static string ReadName(string text) => text.Trim() switch
    {
        var name when name.AsSpan().ContainsAny(NotInNames) => throw new FormatException($"is a plain name without folder or blank, not '{name}'"),
        var name => name,
    };

    private static string ReadSuffix(string text) => text.AsSpan().ContainsAny('<', '>') || text.Any(char.IsControl)
        ? throw new FormatException("must not hold < or > or control characters, which the appliance refuses")
        : text.Trim();

    private static IEnumerable<SettingProblem> Check(BigIpOptions options)
    {
        if (options.AuthToken is null && (options.Username == "" || options.Password is null))
            yield return new("username", "is needed, with password or passwordFile beside it; or authToken");
        if (options.HttpPort == options.HttpsPort)
            yield return new("httpsPort", "must differ from httpPort");
        if (options.UsesPolicies && options is { GlobalHttpPolicy: "", GlobalSslPolicy: "" })
            yield return new("updateMode", "policy needs globalHTTPPolicy, globalSSLPolicy, or both");
        if (options.GlobalHttpPolicy != "" && options.GlobalHttpPolicy == options.GlobalSslPolicy)
            yield return new("globalSSLPolicy", "must differ from globalHTTPPolicy");
    }
}
