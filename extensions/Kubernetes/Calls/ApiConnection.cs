using System.Net;
using System.Net.Sockets;
using Interlook.Extensions.Connections;
using Interlook.Extensions.Kubernetes.Access;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>
/// The connections to one API server under one client certificate and one set of authorities. When either changes, a new one is made, and what
/// runs on the old one may end in peace. Safe for concurrent use.
/// </summary>
internal sealed class ApiConnection : IDisposable
{
    /// <summary>How often a silent HTTP/2 connection is asked for a sign of life, and how long that may take: a watch waits in silence.</summary>
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(10);

    private readonly List<Socket> sockets = [];
    private readonly HttpMessageInvoker http;
    private readonly string? authorities;
    private readonly string? certificate;
    private readonly string? key;

    /// <exception cref="ExtensionException">A certificate or key cannot be used.</exception>
    internal ApiConnection(ClusterAccess access, string? authorities, Identity identity, bool isReadOnly)
    {
        this.authorities = authorities;
        (certificate, key) = (identity.Certificate, identity.Key);
        http = new HttpMessageInvoker(
            ReadsOnly.Around(MakeHandler(access, authorities, identity, Keep), isReadOnly, request => request.Method == HttpMethod.Get));
    }

    /// <summary>True when it serves these authorities and this identity.</summary>
    internal bool Serves(string? wantedAuthorities, Identity identity) =>
        authorities == wantedAuthorities && certificate == identity.Certificate && key == identity.Key;

    /// <summary>Sends a request and waits for the headers of the answer.</summary>
    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stopping) => http.SendAsync(request, stopping);

    /// <summary>Ends everything that runs on it, now: requests fail, and streams break.</summary>
    internal void Cut()
    {
        http.Dispose();
        lock (sockets)
            sockets.ForEach(socket => socket.Dispose());
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    /// <summary>Makes what the calls go through.</summary>
    /// <param name="access">The server and the way to it.</param>
    /// <param name="authorities">Whom we trust, PEM; null for whom the machine trusts.</param>
    /// <param name="identity">Who we are.</param>
    /// <param name="opened">Told of every socket that was opened; may be called from any thread.</param>
    /// <exception cref="ExtensionException">A certificate or key cannot be used.</exception>
    internal static SocketsHttpHandler MakeHandler(ClusterAccess access, string? authorities, Identity identity, Action<Socket> opened)
    {
        var handler = ServerHandler.For(ServerTls.Make(access, authorities, identity));
        handler.EnableMultipleHttp2Connections = true;
        handler.KeepAlivePingDelay = PingDelay;
        handler.KeepAlivePingTimeout = PingTimeout;
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        handler.ConnectCallback = async (context, stopping) =>
        {
            var socket = await ConnectAsync(context, stopping);
            opened(socket);
            return new NetworkStream(socket, ownsSocket: true);
        };
        if (access.Proxy is { } proxy)
            handler.Proxy = Through(proxy);
        handler.UseProxy = !access.GoesDirectly;
        return handler;
    }

    private void Keep(Socket socket)
    {
        lock (sockets)
        {
            sockets.RemoveAll(each => each.SafeHandle.IsClosed);
            sockets.Add(socket);
        }
    }

    private static WebProxy Through(Uri proxy)
    {
        var through = new WebProxy(new UriBuilder(proxy) { UserName = "", Password = "" }.Uri);
        if (proxy.UserInfo.Split(':', 2) is [{ Length: > 0 } user, .. var rest])
            through.Credentials = new NetworkCredential(Uri.UnescapeDataString(user), rest is [var password] ? Uri.UnescapeDataString(password) : "");
        return through;
    }

    /// <summary>HTTP/1.1 has no pings, and a watch on it would wait for ever for a peer that is gone: here the sockets ask.</summary>
    private static async ValueTask<Socket> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken stopping)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 15);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            await socket.ConnectAsync(context.DnsEndPoint, stopping);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
