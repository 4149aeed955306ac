namespace Interlook.Extensions.TcpBalancer;

/// <summary>The settings of <c>lb.embedded</c>.</summary>
internal sealed class TcpBalancerOptions
{
    /// <summary>Port of services without TLS.</summary>
    /// <value>Default: 80.</value>
    public int HttpPort { get; set; } = 80;

    /// <summary>Port of services with TLS.</summary>
    /// <value>Default: 443.</value>
    public int HttpsPort { get; set; } = 443;

    /// <summary>True for least connections, false for round robin.</summary>
    /// <value>Default: true.</value>
    public bool LeastConnections { get; set; } = true;

    /// <summary>How targets are checked.</summary>
    /// <value>Default: with a TCP connection.</value>
    public CheckKind Check { get; set; } = CheckKind.Tcp;

    /// <summary>What an HTTP check asks for.</summary>
    /// <value>Default: /.</value>
    public string CheckPath { get; set; } = "/";

    /// <summary>Time between two checks of a target.</summary>
    /// <value>Default: 2 seconds.</value>
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Good checks in a row after which a target is healthy again.</summary>
    /// <value>Default: 2.</value>
    public int Rise { get; set; } = 2;

    /// <summary>Failed checks, or failed connections, in a row after which a target is unhealthy.</summary>
    /// <value>Default: 3.</value>
    public int Fall { get; set; } = 3;

    /// <summary>Longest wait for a target to take a connection, and for a whole check.</summary>
    /// <value>Default: 2 seconds.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a connection may be silent.</summary>
    /// <value>Default: 10 minutes.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long connections go on after their target, listener or service went.</summary>
    /// <value>Default: 1 minute.</value>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The most connections of a service at once.</summary>
    /// <value>Default: 10,000.</value>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>True when targets are told their client's address.</summary>
    /// <value>Default: false.</value>
    public bool ProxyProtocol { get; set; }

    /// <summary>How many threads carry the connections; 0 for one a processor.</summary>
    /// <value>Default: 0.</value>
    public int Threads { get; set; }
}
