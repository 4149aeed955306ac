using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Interlook.Extensions.ExternalIp.Linux;

namespace Interlook.Extensions.ExternalIp.Holding;

/// <summary>How things stand on an interface. Immutable.</summary>
internal sealed record KeeperReport
{
    /// <summary>The newest wish that was taken up: the number that <see cref="AddressKeeper.Want"/> gave.</summary>
    internal long Wish { get; init; }

    /// <summary>True when there is such an interface.</summary>
    internal bool HasLink { get; init; }

    /// <summary>True when it is up and has a carrier.</summary>
    internal bool IsRunning { get; init; }

    /// <summary>Ours on the interface, wanted or not: what is not in it is gone for certain.</summary>
    internal ImmutableHashSet<LinkAddress> Ours { get; init; } = [];

    /// <summary>Wanted, and there by somebody else's doing: left alone.</summary>
    internal ImmutableHashSet<LinkAddress> Foreign { get; init; } = [];

    /// <summary>Wanted, and not added because another machine on the network answers for them: which one.</summary>
    internal ImmutableDictionary<IPAddress, PhysicalAddress> Conflicts { get; init; } = ImmutableDictionary<IPAddress, PhysicalAddress>.Empty;

    /// <summary>Wanted, and refused by the kernel: why.</summary>
    internal ImmutableDictionary<LinkAddress, string> Problems { get; init; } = ImmutableDictionary<LinkAddress, string>.Empty;
}
