namespace Interlook.Extensions.Connections;

/// <summary>What an operator is told to do when an outside system does not answer, each as the end of a sentence.</summary>
/// <param name="Address">When something else answers: <c>is `url` the address of a Consul agent?</c>.</param>
/// <param name="Running">When nobody answers: <c>check that Consul runs and that `url` is right</c>.</param>
/// <param name="Load">When the answer takes too long: <c>look at Consul's load and log</c>.</param>
/// <param name="Between">When the answer breaks off: <c>look at Consul, and at what stands between</c>.</param>
/// <param name="TlsFiles">The settings to check when TLS fails.</param>
internal sealed record ServerAdvice(string Address, string Running, string Load, string Between, string TlsFiles = "tlsCa, tlsCert and tlsKey");
