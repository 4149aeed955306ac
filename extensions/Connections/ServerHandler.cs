using System.Net;
using System.Net.Security;

namespace Interlook.Extensions.Connections;

/// <summary>Makes the handler of an HTTP client for one outside system; what is special to it is set afterwards.</summary>
internal static class ServerHandler
{
    /// <summary>A handler that follows no redirect, keeps no cookie, asks for no compression, and keeps connections for a while.</summary>
    /// <param name="tls">The TLS side.</param>
    /// <param name="server">Who is spoken to, for messages.</param>
    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal static SocketsHttpHandler For(TlsSettings tls, string server) => For(ClientTls.Load(tls, server));

    /// <summary>The same with a TLS side that was made elsewhere.</summary>
    internal static SocketsHttpHandler For(SslClientAuthenticationOptions tls) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None, // asked for it, servers compress the shortest answer too, at the price of the call
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
        PooledConnectionLifetime = TimeSpan.FromMinutes(15), // so that a name that moved to another address is looked up again
        UseCookies = false,
        SslOptions = tls,
    };
}
