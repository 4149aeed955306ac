using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

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
            SslOptions = Ssl(options),
        };
        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        if (options.Token is { } token)
            http.DefaultRequestHeaders.Add("X-Consul-Token", token.Reveal());
        return http;
    }

    [SuppressMessage("Security", "CA5359", Justification = "Only where the operator wrote tlsSkipVerify: true for this endpoint.")]
    private static SslClientAuthenticationOptions Ssl(ConsulConnectionOptions options)
    {
        var ssl = new SslClientAuthenticationOptions();
        if (options.TlsSkipVerify)
            ssl.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        else if (options.TlsCa is { } authorities)
        {
            ssl.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck, // private authorities publish no revocation lists
            };
            Read("tlsCa", authorities, () => Import(ssl.CertificateChainPolicy.CustomTrustStore, authorities));
        }
        if (options is { TlsCert: { } certificate, TlsKey: { } key })
            Read("tlsCert", certificate, () => ssl.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, key)]);
        return ssl;
    }

    private static void Import(X509Certificate2Collection authorities, string file)
    {
        authorities.ImportFromPemFile(file);
        if (authorities.Count == 0)
            throw new CryptographicException("it holds no certificate"); // the runtime takes a file without any in silence
    }

    private static void Read(string setting, string file, Action read)
    {
        try
        {
            read();
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ExtensionException(
                Reason.Invalid, $"{setting} {file} cannot be used: {Cause(failure, file)}; name a PEM file there", innerException: failure);
        }
    }

    private static string Cause(Exception failure, string file) => failure is FileNotFoundException or DirectoryNotFoundException
        ? "it does not exist"
        : Directory.Exists(file) ? "it is a folder" : failure.Message.TrimEnd('.');
}
