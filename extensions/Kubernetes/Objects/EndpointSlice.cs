using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

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
    private readonly string? otherAddress;
    private readonly uint address; // of IPv4, which most are; 0 for another

    /// <summary>The first of its addresses, which all mean the same endpoint; null when it has none.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("addresses")]
    [System.Text.Json.Serialization.JsonConverter(typeof(FirstItem))]
    public string? Address
    {
        get => address == 0 ? otherAddress : Written(address);
        init
        {
            address = IPAddress.TryParse(value, out var read) && read.AddressFamily == AddressFamily.InterNetwork
                ? BinaryPrimitives.ReadUInt32BigEndian(read.GetAddressBytes())
                : 0;
            if (address == 0 || Written(address) != value)
                (address, otherAddress) = (0, value);
        }
    }

    [System.Text.Json.Serialization.JsonConverter(typeof(SharedConditions))]
    public EndpointConditions? Conditions { get; init; }

    /// <summary>The node it runs on; null in v1beta1 of older servers, which say it in <see cref="Topology"/>.</summary>
    public string? NodeName { get; init; }

    /// <summary>Where it runs, in v1beta1 only; only the host name is kept.</summary>
    [System.Text.Json.Serialization.JsonConverter(typeof(KeptPairs))]
    public IReadOnlyDictionary<string, string>? Topology { get; init; }

    private static string Written(uint address) => new IPAddress(BinaryPrimitives.ReverseEndianness(address)).ToString();
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
