using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>An authority of its own, with a certificate for 127.0.0.1 and one for a client: the files of a client bundle.</summary>
internal sealed class TestCertificates : IDisposable
{
    private static readonly DateTimeOffset Begin = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2049, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ECDsa clientKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    internal TestCertificates(string folder, string name)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Authority = request.CreateSelfSigned(Begin, End);
        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var server = Issue("CN=docker", serverKey, 1);
        // Kestrel wants a key that is not ephemeral to it: through PKCS 12 it is.
        Server = X509CertificateLoader.LoadPkcs12(server.CopyWithPrivateKey(serverKey).Export(X509ContentType.Pkcs12), null);
        using var client = Issue("CN=interlook", clientKey, 2);
        CaFile = Write(folder, $"{name}-ca.pem", Authority.ExportCertificatePem());
        CertFile = Write(folder, $"{name}-cert.pem", client.ExportCertificatePem());
        KeyFile = Write(folder, $"{name}-key.pem", clientKey.ExportECPrivateKeyPem());
    }

    internal X509Certificate2 Authority { get; }

    internal X509Certificate2 Server { get; }

    internal string CaFile { get; }

    internal string CertFile { get; }

    internal string KeyFile { get; }

    public void Dispose()
    {
        Authority.Dispose();
        Server.Dispose();
        clientKey.Dispose();
    }

    private X509Certificate2 Issue(string subject, ECDsa key, byte serial)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.Create(Authority, Begin, End, [serial]);
    }

    private static string Write(string folder, string name, string pem)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, pem);
        return path;
    }
}
