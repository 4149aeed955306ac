using System.Net;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.Consul;

/// <summary>Makes the HTTP client for one Consul: connections kept alive, certificates as the settings say.</summary>
internal static class ConsulConnection
{
    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal static HttpClient Open(ConsulConnectionOptions options, int mostConnections)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None, // asked for it, Consul compresses the shortest answer too, at the price of the call
            ConnectTimeout = TimeSpan.FromSeconds(5),
            MaxConnectionsPerServer = mostConnections,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            PooledConnectionLifetime = TimeSpan.FromMinutes(15), // so that a name that moved to another address is looked up again
            UseCookies = false,
            SslOptions = ClientTls.Load(options.Tls, $"Consul at {options.Url}"),
        };
        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        if (options.Token is { } token)
            http.DefaultRequestHeaders.Add("X-Consul-Token", token.Reveal());
        return http;
    }
}
