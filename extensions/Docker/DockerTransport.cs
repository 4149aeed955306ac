using System.Net.Sockets;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.Docker;

/// <summary>Opens connections to one daemon: over its unix socket, plain TCP, or TLS.</summary>
internal static class DockerTransport
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IdleLifetime = TimeSpan.FromMinutes(1);

    /// <summary>Makes an invoker with a connection pool of its own.</summary>
    /// <exception cref="ExtensionException">A TLS file cannot be used.</exception>
    internal static HttpMessageInvoker Open(DockerConnectionOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionIdleTimeout = IdleLifetime,
            ActivityHeadersPropagator = null,
        };
        if (options.Endpoint.SocketPath is { } path)
            handler.ConnectCallback = (_, stopping) => ConnectAsync(path, stopping);
        else if (options.IsEncrypted)
            handler.SslOptions = ClientTls.Load(options.Tls, $"Docker at {options.Endpoint.Text}");
        return new HttpMessageInvoker(handler);
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken stopping)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stopping);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
