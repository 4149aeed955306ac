using System.Net;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.Etcd;

/// <summary>Makes the HTTP client for one etcd: connections kept alive, certificates as the settings say.</summary>
internal static class EtcdConnection
{
    private const int MostConnections = 32;

    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal static HttpClient Open(EtcdConnectionOptions options) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(2), // another endpoint may be there
        MaxConnectionsPerServer = MostConnections,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
        PooledConnectionLifetime = TimeSpan.FromMinutes(15), // so that a name that moved to another address is looked up again
        UseCookies = false,
        UseProxy = false,
        SslOptions = ClientTls.Load(options.Tls, options.Called),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
