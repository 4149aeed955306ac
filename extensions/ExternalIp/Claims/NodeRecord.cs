using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.ExternalIp.Claims;

/// <summary>What a node says of itself (IpNode, <c>ipcontroller.ext/v1</c>).</summary>
internal sealed record NodeRecord
{
    public string ApiVersion { get => field ?? WellKnown.ApiVersion; init; }

    public string Kind { get => field ?? "IpNode"; init; }

    public ClaimMeta Metadata { get => field ??= new(); init; }

    /// <summary>Counts the heartbeats; a text in JSON, as the earlier program wrote it.</summary>
    [JsonPropertyName("Revision")]
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.WriteAsString)]
    public long Revision { get; init; }

    /// <summary>Null where the earlier program runs.</summary>
    public NodeStatus? Status { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }

    /// <summary>True when the node asks for its claims to be moved away.</summary>
    [JsonIgnore]
    internal bool IsDraining => Status?.Draining == true;
}

/// <summary>How a node is reached by its peers, and what it asks for.</summary>
internal sealed record NodeStatus
{
    /// <summary>Where it answers its peers' questions.</summary>
    public string? Address { get; init; }

    public int? Port { get; init; }

    /// <summary>The key of this start of the process: its answers are signed with it.</summary>
    public string? Key { get; init; }

    public bool? Draining { get; init; }

    /// <summary>
    /// The nodes that it will ask before it goes on without the store. While it is silent only these may be given what it holds; see
    /// <see cref="Timing.FenceTimes.LongestOutage"/>. Null when it asks nobody and never goes on.
    /// </summary>
    public ImmutableArray<string>? Peers { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
