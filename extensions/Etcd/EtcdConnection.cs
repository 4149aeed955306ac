using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Interlook.Extensions.Etcd;

/// <summary>Makes the HTTP client for one etcd: connections kept alive, certificates as the settings say.</summary>
internal static class EtcdConnection
{
    private const int MostConnections = 32;

    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal static HttpClient Open(EtcdConnectionOptions options) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(2), // another endpoint may be there
        MaxConnectionsPerServer = MostConnections,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
        PooledConnectionLifetime = TimeSpan.FromMinutes(15), // so that a name that moved to another address is looked up again
        UseCookies = false,
        UseProxy = false,
        SslOptions = Ssl(options),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    [SuppressMessage("Security", "CA5359", Justification = "Only where the operator wrote tlsSkipVerify: true for these endpoints.")]
    private static SslClientAuthenticationOptions Ssl(EtcdConnectionOptions options)
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
                Reason.Invalid, $"{setting} {file} cannot be used: {failure.Message.TrimEnd('.')}; name a PEM file there", innerException: failure);
        }
    }
}
