using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Interlook.Extensions.Docker;

/// <summary>Makes the TLS side of a connection from the three files of a client bundle.</summary>
internal static class DockerTls
{
    /// <summary>Reads the files.</summary>
    /// <exception cref="ExtensionException">A file cannot be read or is not what it should be.</exception>
    [SuppressMessage("Security", "CA5359", Justification = "Only where the operator wrote tlsSkipVerify: true for this endpoint.")]
    internal static SslClientAuthenticationOptions Load(DockerConnectionOptions options)
    {
        var tls = new SslClientAuthenticationOptions
        {
            TargetHost = options.Endpoint.Host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (options.TlsCert != "")
            tls.ClientCertificateContext = Read(options, "tlsCert", options.TlsCert, () => LoadClient(options));
        if (options.TlsSkipVerify)
            tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        else if (options.TlsCa != "")
            tls.CertificateChainPolicy = Read(options, "tlsCa", options.TlsCa, () => TrustOnly(options.TlsCa));
        return tls;
    }

    private static SslStreamCertificateContext LoadClient(DockerConnectionOptions options)
    {
        var certificate = X509Certificate2.CreateFromPemFile(options.TlsCert, options.TlsKey);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(options.TlsCert);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    private static X509ChainPolicy TrustOnly(string path)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck, // a private authority rarely offers revocation lists
        };
        policy.CustomTrustStore.ImportFromPemFile(path);
        return policy.CustomTrustStore.Count > 0 ? policy : throw new CryptographicException("it holds no certificate in PEM form");
    }

    private static T Read<T>(DockerConnectionOptions options, string key, string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ExtensionException(
                Reason.Invalid,
                $"{key} '{path}' for Docker at {options.Endpoint.Text} cannot be used: {failure.Message.ReplaceLineEndings(" ").TrimEnd('.')}; name a PEM file there",
                innerException: failure);
        }
    }
}
