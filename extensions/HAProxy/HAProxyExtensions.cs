using Interlook.Configuration;

namespace Interlook.Extensions.HAProxy;

/// <summary>Registers <c>lb.haproxy</c>.</summary>
public static class HAProxyExtensions
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>The settings of <c>lb.haproxy</c>.</summary>
    internal static SettingsSchema<HAProxyOptions> SettingsSchema { get; } = Configuration.SettingsSchema.For<HAProxyOptions>()
        .Value("configFile", PathOf, (o, v) => o.ConfigFile = v,
            "The one configuration file that Interlook owns. HAProxy reads it with `-f`, after its other files.", required: true)
        .Value("masterSocket", PathOf, (o, v) => o.MasterSocket = v,
            "The socket of HAProxy's master process (`haproxy -W -S SOCKET`).", required: true)
        .List("otherConfigFiles", PathOf, (o, v) => o.OtherConfigFiles = v,
            "HAProxy's other `-f` files, in its order. They are read, never written: validated together, and searched for addresses in use.")
        .Text("binary", (o, v) => o.Binary = v, "The `haproxy` program that validates configurations.", "haproxy")
        .Number("httpPort", (o, v) => o.HttpPort = v, "Port of services without TLS.", 1, 65535, "80")
        .Number("httpsPort", (o, v) => o.HttpsPort = v, "Port of services with TLS, which is passed through.", 1, 65535, "443")
        .Choice("balance", (o, v) => o.Balance = v,
            "How connections are shared out. With `static-rr` and `first`, HAProxy reloads for every change of targets.",
            "leastconn", "leastconn", "roundrobin", "random", "source", "static-rr", "first")
        .Value("check", CheckOf, (o, v) => o.Check = v, "Whether HAProxy tries targets with a TCP connection.", "tcp", "tcp, none, true, false")
        .Duration("checkInterval", (o, v) => o.CheckInterval = v, "Time between two checks of a target.", Tick, TimeSpan.FromHours(1), "2s")
        .Number("rise", (o, v) => o.Rise = v, "Good checks in a row after which a target is up.", 1, 100, "2")
        .Number("fall", (o, v) => o.Fall = v, "Failed checks in a row after which a target is down.", 1, 100, "3")
        .Duration("connectTimeout", (o, v) => o.ConnectTimeout = v,
            "Longest wait for a target to take a connection.", Tick, TimeSpan.FromMinutes(5), "5s")
        .Duration("idleTimeout", (o, v) => o.IdleTimeout = v,
            "How long a connection may stay silent.", TimeSpan.FromSeconds(1), TimeSpan.FromDays(7), "1h")
        .Flag("transparent", (o, v) => o.Transparent = v,
            "Binds addresses that this host does not have (yet), such as a VIP that another host holds. HAProxy needs CAP_NET_ADMIN for it.")
        .Flag("runtimeApi", (o, v) => o.RuntimeApi = v, "Changes servers and weights without a reload where HAProxy can.", "true")
        .Duration("reloadInterval", (o, v) => o.ReloadInterval = v,
            "Least time between two reloads; the first after a quiet time is immediate.", TimeSpan.Zero, TimeSpan.FromMinutes(10), "1s")
        .Duration("reloadTimeout", (o, v) => o.ReloadTimeout = v,
            "Longest wait for a reload to end.", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), "20s")
        .Duration("commandTimeout", (o, v) => o.CommandTimeout = v,
            "Longest wait for one answer of the master socket, and for one validation.", Tick, TimeSpan.FromMinutes(10), "10s")
        .Rule(SamePort)
        .Rule(SameFile);

    /// <summary>Adds <c>lb.haproxy</c>.</summary>
    public static ExtensionCatalog AddHAProxy(this ExtensionCatalog catalog) =>
        catalog.Add("lb.haproxy", SettingsSchema, (options, context) => new HAProxyProvisioner(options, context));

    private static string PathOf(string text) => text switch
    {
        "" => throw new FormatException("must be a path; it is empty"),
        _ when text.AsSpan().ContainsAny('\0', '\n', '\r') => throw new FormatException("must be a path; it holds a control character"),
        _ => Path.GetFullPath(text),
    };

    private static bool CheckOf(string text) => text.ToLowerInvariant() switch
    {
        "tcp" or "true" or "yes" or "on" => true,
        "none" or "false" or "no" or "off" => false,
        _ => throw new FormatException($"must be tcp or none, not '{text}'"),
    };

    private static IEnumerable<SettingProblem> SamePort(HAProxyOptions options) =>
        options.HttpPort == options.HttpsPort ? [new("httpsPort", "must differ from httpPort")] : [];

    private static IEnumerable<SettingProblem> SameFile(HAProxyOptions options) =>
        options.ConfigFile.Length > 0 && options.OtherConfigFiles.Contains(options.ConfigFile)
            ? [new("otherConfigFiles", "names configFile, which Interlook owns: list only HAProxy's other files")]
            : [];
}
