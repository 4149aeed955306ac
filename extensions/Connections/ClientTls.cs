using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Interlook.Extensions.Connections;

/// <summary>Makes the TLS side of a client from its settings.</summary>
internal static class ClientTls
{
    /// <summary>Reads the files.</summary>
    /// <param name="settings">The paths.</param>
    /// <param name="server">Who is spoken to, for messages: <c>Docker at tcp://docker.net:2376</c>.</param>
    /// <exception cref="ExtensionException">A file cannot be read or is not what it should be.</exception>
    [SuppressMessage("Security", "CA5359", Justification = "Only where the operator wrote tlsSkipVerify: true for this endpoint.")]
    internal static SslClientAuthenticationOptions Load(TlsSettings settings, string server)
    {
        var tls = new SslClientAuthenticationOptions();
        if (settings is { Cert: not "", Key: not "" })
            tls.ClientCertificateContext = Read("tlsCert", settings.Cert, server, () => ReadClient(settings));
        if (settings.SkipVerify)
            tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        else if (settings.Ca != "")
            tls.CertificateChainPolicy = Read("tlsCa", settings.Ca, server, () => TrustOnly(settings.Ca));
        return tls;
    }

    private static SslStreamCertificateContext ReadClient(TlsSettings settings)
    {
        var certificate = X509Certificate2.CreateFromPemFile(settings.Cert, settings.Key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(settings.Cert);
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
        if (policy.CustomTrustStore.Count == 0)
            throw new CryptographicException("it holds no certificate"); // the runtime takes a file without any in silence
        return policy;
    }

    private static T Read<T>(string setting, string path, string server, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ExtensionException(
                Reason.Invalid, $"{setting} '{path}' for {server} cannot be used: {Cause(failure, path)}; name a PEM file there", innerException: failure);
        }
    }

    private static string Cause(Exception failure, string path) => failure is FileNotFoundException or DirectoryNotFoundException
        ? "it does not exist"
        : Directory.Exists(path) ? "it is a folder" : failure.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
