using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>Makes the TLS side of a connection to an API server.</summary>
internal static class ServerTls
{
    /// <summary>Reads the texts.</summary>
    /// <param name="access">Whom we believe.</param>
    /// <param name="authorities">The authorities, PEM; null is the system's.</param>
    /// <param name="identity">Who we are.</param>
    /// <exception cref="ExtensionException">One of the texts is not what it should be.</exception>
    [SuppressMessage("Security", "CA5359", Justification = "Only where the operator wrote so for this endpoint.")]
    internal static SslClientAuthenticationOptions Make(ClusterAccess access, string? authorities, Identity identity)
    {
        var tls = new SslClientAuthenticationOptions();
        if (identity is { Certificate: { } certificate, Key: { } key })
            tls.ClientCertificateContext = Read("client certificate and key", access, () => ReadClient(certificate, key));
        if (access.SkipVerify)
            tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        else if (authorities is not null)
            tls.CertificateChainPolicy = Read("certificate authorities", access, () => TrustOnly(authorities));
        return tls;
    }

    private static SslStreamCertificateContext ReadClient(string certificate, string key)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificate);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificate, key), chain, offline: true);
    }

    private static X509ChainPolicy TrustOnly(string authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck, // a cluster's own authority has no revocation lists
        };
        policy.CustomTrustStore.ImportFromPem(authorities);
        if (policy.CustomTrustStore.Count == 0)
            throw new CryptographicException("they hold no certificate"); // the runtime takes a text without any in silence
        return policy;
    }

    private static string Cause(Exception failure) => failure.Message.ReplaceLineEndings(" ").TrimEnd('.');

    private static T Read<T>(string what, ClusterAccess access, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw new ExtensionException(
                Reason.Invalid, $"the {what} of {access.Origin} for {access.Server} cannot be used: {Cause(failure)}; they must be PEM",
                innerException: failure);
        }
    }
}
