using System.Collections.Immutable;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>A part of a Service's endpoints (API group discovery.k8s.io, v1 and v1beta1). A Service may have several, one family each.</summary>
internal sealed record EndpointSlice : KubernetesObject
{
    internal const string IPv4 = "IPv4";

    internal const string IPv6 = "IPv6";

    /// <summary>IPv4, IPv6 or FQDN.</summary>
    public string AddressType { get => field ?? IPv4; init; }

    public ImmutableArray<Endpoint> Endpoints { get => field.IsDefault ? [] : field; init; }

    public ImmutableArray<EndpointPort> Ports { get => field.IsDefault ? [] : field; init; }
}

/// <summary>One endpoint, usually a pod.</summary>
internal readonly record struct Endpoint
{
    private readonly AddressText address;
    private readonly string? node;

    /// <summary>The first of its addresses, which all mean the same endpoint; null when it has none.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("addresses")]
    [System.Text.Json.Serialization.JsonConverter(typeof(FirstItem))]
    public string? Address { get => address; init => address = value; }

    [System.Text.Json.Serialization.JsonConverter(typeof(SharedConditions))]
    public EndpointConditions? Conditions { get; init; }

    /// <summary>The node it runs on, also where only <see cref="Topology"/> says it; null when nobody does.</summary>
    public string? NodeName
    {
        get => node;
        init => node = value is { Length: > 0 } ? value : node;
    }

    /// <summary>Where it runs, in v1beta1 only. Older servers name the node here alone; nothing else of it is kept.</summary>
    [System.Text.Json.Serialization.JsonConverter(typeof(KeptPairs))]
    public IReadOnlyDictionary<string, string>? Topology
    {
        get => null;
        init => node ??= value?.GetValueOrDefault(WellKnown.HostnameLabel) is { Length: > 0 } host ? host : null;
    }
}

/// <summary>How an endpoint fares. Null is unknown, which each of them defines for itself.</summary>
internal sealed record EndpointConditions
{
    /// <summary>True, or null: it takes traffic.</summary>
    public bool? Ready { get; init; }

    /// <summary>Ready without regard to a termination; null means the same as <see cref="Ready"/>.</summary>
    public bool? Serving { get; init; }

    /// <summary>True when it is on its way out; null means that it is not.</summary>
    public bool? Terminating { get; init; }
}

/// <summary>A port of all endpoints of a slice.</summary>
internal readonly record struct EndpointPort
{
    /// <summary>The name of the Service's port.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>TCP, UDP or SCTP.</summary>
    public string Protocol { get => field ?? "TCP"; init; }

    /// <summary>Null means all ports.</summary>
    public int? Port { get; init; }
}
