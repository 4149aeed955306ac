using System.Collections.Immutable;
using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>All Services as they stood at one moment. Immutable.</summary>
/// <param name="Demands">What they ask for, by <c>namespace/name</c>: what the scheduler decides on.</param>
/// <param name="Cache">The objects themselves: what a write that was decided on follows.</param>
internal sealed record ServiceView(ImmutableSortedDictionary<string, ServiceDemand> Demands, ObjectCache<Service> Cache);
