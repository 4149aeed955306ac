using Interlook.Collections;

namespace Interlook.Extensions.Kubernetes.Informing;

/// <summary>What of a cluster is watched.</summary>
/// <param name="Namespaces">The namespaces; none is all.</param>
/// <param name="LabelSelector">The labels a Service must have, as the API writes it; empty for all.</param>
/// <param name="ResyncInterval">How often all is listed anew.</param>
internal sealed record WatchedPart(EquatableArray<string> Namespaces, string LabelSelector, TimeSpan ResyncInterval);
