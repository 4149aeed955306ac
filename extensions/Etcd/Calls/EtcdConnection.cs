using Interlook.Extensions.Connections;

namespace Interlook.Extensions.Etcd.Calls;

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

    private static SocketsHttpHandler Handler(EtcdConnectionOptions options)
    {
        var handler = ServerHandler.For(options.Tls, options.Called);
        handler.ConnectTimeout = TimeSpan.FromSeconds(2); // another endpoint may be there
        handler.MaxConnectionsPerServer = MostConnections;
        handler.UseProxy = false;
        return handler;
    }

    // v3 asks everything by POST; the end of the path says what is asked.
    private static bool Reads(HttpRequestMessage request) => request.Method == HttpMethod.Get
        || (request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath is var path
            && (path.EndsWith("/kv/range", StringComparison.Ordinal) || path.EndsWith("/watch", StringComparison.Ordinal)
                || path.EndsWith("/auth/authenticate", StringComparison.Ordinal)));
}
