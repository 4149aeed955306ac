using System.Net;
using Interlook.Collections;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>What a Service asks for. Where its endpoints are is another matter. Immutable.</summary>
internal sealed record PublicationRequest
{
    /// <summary>Canonical host names; may be none.</summary>
    internal EquatableArray<string> DnsNames { get; init; }

    internal bool Tls { get; init; }

    /// <summary>The address asked for; null when any will do.</summary>
    internal IPAddress? PublicIp { get; init; }

    /// <summary>The weight of each endpoint; null when the Service leaves it open.</summary>
    internal int? Weight { get; init; }

    /// <summary>The name of the Service's port that gets the traffic; names are unique within a Service.</summary>
    internal required string Port { get; init; }
}
