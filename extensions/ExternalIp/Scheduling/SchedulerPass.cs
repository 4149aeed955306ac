using Interlook.Collections;

namespace Interlook.Extensions.ExternalIp.Scheduling;

/// <summary>What one pass of the scheduler asks for.</summary>
internal sealed record SchedulerPass
{
    internal static SchedulerPass Nothing { get; } = new();

    /// <summary>Nodes whose records shall be read anew, each not older than the pass.</summary>
    public EquatableArray<string> Reads { get; init; }

    /// <summary>Records of nodes to be removed.</summary>
    public EquatableArray<NodeWrite> Nodes { get; init; }

    public EquatableArray<ClaimWrite> Claims { get; init; }

    public EquatableArray<PoolWrite> Pools { get; init; }

    public EquatableArray<ServiceWrite> Services { get; init; }

    public EquatableArray<ServiceRefusal> Refusals { get; init; }

    /// <summary>What is wrong with address pools.</summary>
    public EquatableArray<string> Problems { get; init; }
}
