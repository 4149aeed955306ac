namespace Interlook.Extensions.HAProxy;

/// <summary>The settings of <c>lb.haproxy</c>.</summary>
internal sealed class HAProxyOptions
{
    /// <summary>The one configuration file that Interlook owns; HAProxy reads it with <c>-f</c>, after its others.</summary>
    public string ConfigFile { get; set; } = "";

    /// <summary>The master's socket (<c>haproxy -W -S</c>).</summary>
    public string MasterSocket { get; set; } = "";

    /// <summary>HAProxy's other configuration files, in its order: read for validation and for addresses already bound there.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<string> OtherConfigFiles { get; set; } = [];

    /// <summary>The program that validates configurations.</summary>
    /// <value>Default: <c>haproxy</c>, found on the path.</value>
    public string Binary { get; set; } = "haproxy";

    /// <summary>The port of services without TLS.</summary>
    /// <value>Default: 80.</value>
    public int HttpPort { get; set; } = 80;

    /// <summary>The port of services with TLS, which is passed through.</summary>
    /// <value>Default: 443.</value>
    public int HttpsPort { get; set; } = 443;

    /// <summary>How connections are shared out among targets.</summary>
    /// <value>Default: leastconn.</value>
    public string Balance { get; set; } = "leastconn";

    /// <summary>True when HAProxy tries targets with a TCP connection.</summary>
    /// <value>Default: true.</value>
    public bool Check { get; set; } = true;

    /// <summary>Time between two checks of a target.</summary>
    /// <value>Default: 2 seconds.</value>
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Good checks in a row after which a target is up.</summary>
    /// <value>Default: 2.</value>
    public int Rise { get; set; } = 2;

    /// <summary>Failed checks in a row after which a target is down.</summary>
    /// <value>Default: 3.</value>
    public int Fall { get; set; } = 3;

    /// <summary>Longest wait for a target to take a connection.</summary>
    /// <value>Default: 5 seconds.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection may stay silent.</summary>
    /// <value>Default: 1 hour.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>True binds addresses that this host does not (yet) have.</summary>
    /// <value>Default: false.</value>
    public bool Transparent { get; set; }

    /// <summary>True changes servers and weights without a reload where HAProxy can.</summary>
    /// <value>Default: true.</value>
    public bool RuntimeApi { get; set; } = true;

    /// <summary>Least time between two reloads; the first after a quiet time is immediate.</summary>
    /// <value>Default: 1 second.</value>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait for a reload to end well or badly.</summary>
    /// <value>Default: 20 seconds.</value>
    public TimeSpan ReloadTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Longest wait for one answer of the master socket, and for one validation.</summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>True when servers can come and go at runtime: HAProxy wants a dynamic algorithm for that (management guide 9.3, add server).</summary>
    public bool IsDynamic => Balance is "leastconn" or "roundrobin" or "random" or "source";
}
