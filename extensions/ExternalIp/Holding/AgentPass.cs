using Interlook.Collections;
using Interlook.Extensions.ExternalIp.Scheduling;

namespace Interlook.Extensions.ExternalIp.Holding;

/// <summary>What one pass of a node's agent asks for.</summary>
internal sealed record AgentPass
{
    /// <summary>What may be on the link.</summary>
    public required HeldAddresses Holding { get; init; }

    /// <summary>The heartbeat to send now; null when none is due.</summary>
    public HeartbeatWrite? Heartbeat { get; init; }

    /// <summary>True when the node's own record shall be read.</summary>
    public bool ReadsOwn { get; init; }

    /// <summary>When set, all claims shall be listed, and the answer given back with this number.</summary>
    public long? Listing { get; init; }

    /// <summary>Claims to write: taken anew, handed over, or released.</summary>
    public EquatableArray<ClaimWrite> Claims { get; init; }

    /// <summary>Peers to ask whether they have contact; the moment of the pass is the moment of the question.</summary>
    public EquatableArray<string> Questions { get; init; }

    /// <summary>When to pass again at the latest, though nothing happened.</summary>
    public required TimeSpan NextLook { get; init; }
}
