using Interlook.Configuration;

namespace Interlook.Extensions.TcpBalancer;

/// <summary>Registers <c>lb.embedded</c>.</summary>
public static class TcpBalancerExtensions
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>The settings of <c>lb.embedded</c>.</summary>
    internal static SettingsSchema<TcpBalancerOptions> SettingsSchema { get; } = Configuration.SettingsSchema.For<TcpBalancerOptions>()
        .Number("httpPort", (o, v) => o.HttpPort = v, "Port of services without TLS.", 1, 65535, "80")
        .Number("httpsPort", (o, v) => o.HttpsPort = v, "Port of services with TLS, which is passed through.", 1, 65535, "443")
        .Choice("balance", (o, v) => o.LeastConnections = v == "leastconn",
            "How connections are shared out, by weight: to the target with the fewest open ones, or in turn.", "leastconn", "leastconn", "roundrobin")
        .Choice("check", (o, v) => o.Check = Enum.Parse<CheckKind>(v, ignoreCase: true),
            "How targets are checked: with a connection, with `GET checkPath` (services with TLS: with a connection), or not.",
            "tcp", "tcp", "http", "none")
        .Value("checkPath", PathOf, (o, v) => o.CheckPath = v,
            "What an HTTP check asks for; a status from 200 to 399 is good.", "/", "begins with /, no blanks")
        .Duration("checkInterval", (o, v) => o.CheckInterval = v, "Time between two checks of a target.", Tick, TimeSpan.FromHours(1), "2s")
        .Number("rise", (o, v) => o.Rise = v, "Good checks in a row after which a target is healthy again.", 1, 100, "2")
        .Number("fall", (o, v) => o.Fall = v,
            "Failed checks, or failed connections of clients, in a row after which a target is unhealthy.", 1, 100, "3")
        .Duration("connectTimeout", (o, v) => o.ConnectTimeout = v,
            "Longest wait for a target to take a connection, and for a whole check.", Tick, TimeSpan.FromMinutes(5), "2s")
        .Duration("idleTimeout", (o, v) => o.IdleTimeout = v,
            "How long a connection may stay silent in both directions.", TimeSpan.FromSeconds(1), TimeSpan.FromDays(7), "10m")
        .Duration("drainTimeout", (o, v) => o.DrainTimeout = v,
            "How long connections may go on after their target, listener or service went; 0 ends them at once.",
            TimeSpan.Zero, TimeSpan.FromDays(1), "1m")
        .Number("maxConnections", (o, v) => o.MaxConnections = v,
            "The most connections of a service at once; further clients wait in the kernel's queue.", 1, 1_000_000, "10000")
        .Choice("proxyProtocol", (o, v) => o.ProxyProtocol = v == "v2",
            "`v2` begins every connection to a target with the PROXY protocol's binary header, which names the client. Targets must expect it.",
            "off", "off", "v2")
        .Number("threads", (o, v) => o.Threads = v, "How many threads carry the connections; 0 for one a processor.", 0, 64, "0")
        .Rule(SamePort);

    /// <summary>Adds <c>lb.embedded</c>, a TCP load balancer in this process.</summary>
    public static ExtensionCatalog AddTcpBalancer(this ExtensionCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.Add("lb.embedded", SettingsSchema, (options, context) => new TcpBalancerProvisioner(options, context));
    }

    private static string PathOf(string text) =>
        text.StartsWith('/') && text.All(char.IsAscii) && !text.Any(each => char.IsControl(each) || each == ' ')
            ? text
            : throw new FormatException($"must begin with / and hold no blanks or other characters that a request line cannot, not '{text}'");

    private static IEnumerable<SettingProblem> SamePort(TcpBalancerOptions options) =>
        options.HttpPort == options.HttpsPort ? [new("httpsPort", "must differ from httpPort")] : [];
}
