using System.Net;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.Etcd;

/// <summary>Makes the HTTP client for one etcd: connections kept alive, certificates as the settings say.</summary>
internal static class EtcdConnection
{
    private const int MostConnections = 32;

    /// <param name="options">Where etcd is and who we are.</param>
    /// <param name="isReadOnly">True refuses whatever would write.</param>
    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal static HttpClient Open(EtcdConnectionOptions options, bool isReadOnly) => new(ReadsOnly.Around(Handler(options), isReadOnly, Reads))
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private static SocketsHttpHandler Handler(EtcdConnectionOptions options) => new()
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
    };

    // v3 asks everything by POST; the end of the path says what is asked.
    private static bool Reads(HttpRequestMessage request) => request.Method == HttpMethod.Get
        || (request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath is var path
            && (path.EndsWith("/kv/range", StringComparison.Ordinal) || path.EndsWith("/auth/authenticate", StringComparison.Ordinal)));
}
