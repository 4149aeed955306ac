using Interlook.Collections;

namespace Interlook.Extensions.ExternalIp.Scheduling;

/// <summary>What shall stand in a Service; written against the version that was seen.</summary>
/// <param name="Service"><c>namespace/name</c>.</param>
/// <param name="ExternalIps">The whole of <c>spec.externalIPs</c>.</param>
/// <param name="Ingress">The addresses of <c>status.loadBalancer.ingress</c>; null leaves the status alone.</param>
internal sealed record ServiceWrite(string Service, EquatableArray<string> ExternalIps, EquatableArray<string>? Ingress);
