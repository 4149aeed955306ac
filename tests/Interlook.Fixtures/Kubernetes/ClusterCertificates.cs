using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Interlook.Fixtures.Kubernetes;

/// <summary>The keys of a cluster: one authority for the server's certificate, one for those of its clients, and the pair that signs tokens.</summary>
internal sealed class ClusterCertificates : IDisposable
{
    private static readonly DateTimeOffset Begin = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2049, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder;
    private readonly X509Certificate2 clientAuthority;
    private int issued;

    internal ClusterCertificates(TemporaryFolder folder)
    {
        this.folder = folder;
        Authority = CreateAuthority("CN=cluster-under-test");
        clientAuthority = CreateAuthority("CN=clients-under-test");
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        names.AddDnsName("kubernetes.default.svc");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Issue(Authority, new X500DistinguishedName("CN=kube-apiserver"), key, "1.3.6.1.5.5.7.3.1", names);
        // Kestrel wants a key that is not ephemeral to it: through PKCS 12 it is.
        Server = X509CertificateLoader.LoadPkcs12(certificate.CopyWithPrivateKey(key).Export(X509ContentType.Pkcs12), null);
        AuthorityFile = Write("ca.pem", Authority.ExportCertificatePem());
        ClientAuthorityFile = Write("client-ca.pem", clientAuthority.ExportCertificatePem());
        ServerFile = Write("server.pem", certificate.ExportCertificatePem());
        ServerKeyFile = Write("server-key.pem", key.ExportPkcs8PrivateKeyPem());
        using var tokens = RSA.Create(2048);
        TokenKeyFile = Write("tokens-key.pem", tokens.ExportRSAPrivateKeyPem());
    }

    internal X509Certificate2 Authority { get; }

    internal X509Certificate2 Server { get; }

    internal string AuthorityFile { get; }

    internal string ClientAuthorityFile { get; }

    internal string ServerFile { get; }

    internal string ServerKeyFile { get; }

    internal string TokenKeyFile { get; }

    /// <summary>A certificate that says who a client is: RFC 5280 names, with the user as CN and each group as O.</summary>
    internal ClientCertificate IssueClient(string user, IEnumerable<string> groups, DateTimeOffset? end)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedNameBuilder();
        foreach (var group in groups)
            name.AddOrganizationName(group);
        name.AddCommonName(user);
        using var certificate = Issue(clientAuthority, name.Build(), key, "1.3.6.1.5.5.7.3.2", names: null, end);
        return new ClientCertificate(
            Write($"client-{issued}.pem", certificate.ExportCertificatePem()), Write($"client-{issued}-key.pem", key.ExportPkcs8PrivateKeyPem()));
    }

    public void Dispose()
    {
        Authority.Dispose();
        clientAuthority.Dispose();
        Server.Dispose();
    }

    private static X509Certificate2 CreateAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        return request.CreateSelfSigned(Begin, End);
    }

    private X509Certificate2 Issue(
        X509Certificate2 authority, X500DistinguishedName subject, ECDsa key, string use, SubjectAlternativeNameBuilder? names, DateTimeOffset? end = null)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        if (names is not null)
            request.CertificateExtensions.Add(names.Build());
        var serial = BitConverter.GetBytes(Interlocked.Increment(ref issued));
        Array.Reverse(serial);
        return request.Create(authority, Begin, end ?? End, serial);
    }

    private string Write(string name, string pem)
    {
        var path = folder.File(name);
        File.WriteAllText(path, pem);
        return path;
    }
}
