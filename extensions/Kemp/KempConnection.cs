using System.Net;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.Kemp;

/// <summary>Makes the HTTP client for one appliance.</summary>
internal static class KempConnection
{
    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal static HttpClient Open(KempOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            MaxConnectionsPerServer = CallPace.MostCalls,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(15), // so that a name that moved to the other of a pair is looked up again
            UseCookies = false,
            SslOptions = ClientTls.Load(options.Tls, options.Called),
        };
        return new(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
