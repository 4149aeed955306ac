using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Extensions.ExternalIp.Timing;

namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>What a scheduler is told.</summary>
internal sealed record SchedulerOptions
{
    /// <summary>The times of the protocol: the same for all nodes and schedulers.</summary>
    internal required FenceTimes Times { get; init; }

    /// <summary>How nodes are chosen.</summary>
    internal NodeFilter Filter { get; init; } = NodeFilter.Fair;

    /// <summary>The length of the prefix of addresses that no address pool holds.</summary>
    internal int Mask { get; init; } = 32;
}
