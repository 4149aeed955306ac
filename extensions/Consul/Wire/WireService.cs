using System.Text.Json.Serialization;

namespace Interlook.Extensions.Consul.Wire;

/// <summary>A service instance, as it is written to the catalog and as node and health answers give it.</summary>
internal sealed record WireService
{
    [JsonPropertyName("ID")]
    public string Id { get; init; } = "";

    public string Service { get; init; } = "";

    public IReadOnlyList<string>? Tags { get; init; }

    public string Address { get; init; } = "";

    public int Port { get; init; }

    public Dictionary<string, string>? Meta { get; init; }

    /// <summary>What sort of service it is, for Consul's own proxies; empty for others. Read only.</summary>
    public string? Kind { get; init; }

    /// <summary>More addresses, by their names. Read only.</summary>
    public Dictionary<string, WireTaggedAddress>? TaggedAddresses { get; init; }

    /// <summary>Its share of the traffic. Read only.</summary>
    public WireWeights? Weights { get; init; }

    /// <summary>The Raft index at which the instance appeared; kept while it is changed. Read only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong CreateIndex { get; init; }
}
