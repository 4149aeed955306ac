using Interlook.Extensions.Connections;

namespace Interlook.Extensions.Kemp;

/// <summary>Makes the HTTP client for one appliance.</summary>
internal static class KempConnection
{
    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal static HttpClient Open(KempOptions options)
    {
        var handler = ServerHandler.For(options.Tls, options.Called);
        handler.MaxConnectionsPerServer = CallPace.MostCalls;
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30);
        return new(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
