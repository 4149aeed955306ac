using Interlook.Extensions.Connections;

namespace Interlook.Extensions.Consul;

/// <summary>Makes the HTTP client for one Consul: connections kept alive, certificates as the settings say.</summary>
internal static class ConsulConnection
{
    /// <param name="options">Where Consul is and who we are.</param>
    /// <param name="mostConnections">Requests above this bound wait for a connection.</param>
    /// <param name="isReadOnly">True refuses whatever would write.</param>
    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal static HttpClient Open(ConsulConnectionOptions options, int mostConnections, bool isReadOnly)
    {
        var handler = ServerHandler.For(options.Tls, $"Consul at {options.Url}");
        handler.MaxConnectionsPerServer = mostConnections;
        var http = new HttpClient(ReadsOnly.Around(handler, isReadOnly, request => request.Method == HttpMethod.Get)) { Timeout = Timeout.InfiniteTimeSpan };
        if (options.Token is { } token)
            http.DefaultRequestHeaders.Add("X-Consul-Token", token.Reveal());
        return http;
    }
}
