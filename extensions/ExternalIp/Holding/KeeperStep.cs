using System.Collections.Immutable;
using Interlook.Extensions.ExternalIp.Linux;

namespace Interlook.Extensions.ExternalIp.Holding;

/// <summary>What is to be done now, in this order, and when to ask again.</summary>
internal sealed record KeeperStep
{
    /// <summary>To be removed.</summary>
    internal ImmutableArray<LinkAddress> Remove { get; init; } = [];

    /// <summary>To be kept for another while.</summary>
    internal ImmutableArray<LinkAddress> Renew { get; init; } = [];

    /// <summary>To be added.</summary>
    internal ImmutableArray<LinkAddress> Add { get; init; } = [];

    /// <summary>To be announced.</summary>
    internal ImmutableArray<LinkAddress> Announce { get; init; } = [];

    /// <summary>To be probed for, before they are added.</summary>
    internal ImmutableArray<LinkAddress> Probe { get; init; } = [];

    /// <summary>The interface is to be looked at before anything else: what should be there may be gone.</summary>
    internal bool Look { get; init; }

    /// <summary>How long what is added or renewed lives.</summary>
    internal TimeSpan Lifetime { get; init; }

    /// <summary>When something is due that is not yet; null when nothing is.</summary>
    internal TimeSpan? Next { get; init; }

    /// <summary>True when there is nothing to do now.</summary>
    internal bool IsNothing => !Look && Remove.IsEmpty && Renew.IsEmpty && Add.IsEmpty && Announce.IsEmpty && Probe.IsEmpty;
}
