using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>What came of a Service that asks for publication. Immutable.</summary>
/// <param name="Uid">The object: another of the same name inherits nothing.</param>
/// <param name="Definition">What is published; null when nothing that it asked for could ever be understood.</param>
/// <param name="Port">The name of the Service's port that gets the traffic; names are unique within a Service.</param>
/// <param name="Weight">The weight of each endpoint; null when the Service leaves it open.</param>
/// <param name="Rejection">What cannot be; null when all is well.</param>
/// <param name="IsEverywhere">True when every node counts.</param>
internal sealed record Publication(
    ObjectUid Uid, ServiceDefinition? Definition, string Port, int? Weight, Rejection? Rejection, bool IsEverywhere)
{
    /// <summary>What it asks for, or last asked for that could be understood; null when nothing ever could.</summary>
    internal PublicationRequest? Request => Definition is null ? null : new()
    {
        DnsNames = Definition.DnsNames,
        Tls = Definition.Tls,
        PublicIp = Definition.PublicIp,
        Weight = Weight,
        Port = Port,
    };
}
