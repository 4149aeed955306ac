namespace Interlook.Fixtures.Kubernetes;

/// <summary>What a client shows instead of a token.</summary>
/// <param name="CertificateFile">PEM file of the certificate.</param>
/// <param name="KeyFile">PEM file of its key.</param>
public sealed record ClientCertificate(string CertificateFile, string KeyFile);
