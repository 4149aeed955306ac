using System.Net;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Holding;
using Interlook.Extensions.ExternalIp.Linux;
using Interlook.Extensions.ExternalIp.Timing;

namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>
/// Says to the keeper what a node may hold, and knows what of it is gone for certain. Not for concurrent use.
/// </summary>
/// <param name="keeper">Keeps the interface.</param>
/// <param name="loop">Its moments are those of a holding.</param>
/// <param name="times">The times of the protocol.</param>
/// <param name="time">The clock, for people who read since when.</param>
internal sealed class LinkWishes(AddressKeeper keeper, PassLoop loop, FenceTimes times, TimeProvider time) : ILinkSight
{
    /// <summary>
    /// So long somebody else has to answer before it is told: what a stopped process leaves to its kernel is over before, and a write for each
    /// address would hold up those that matter.
    /// </summary>
    internal static readonly TimeSpan TroublePatience = TimeSpan.FromSeconds(3);

    private readonly Dictionary<IPAddress, (AddressTrouble Trouble, TimeSpan Since)> troubles = [];
    private HeldAddresses? told;

    /// <summary>The wish with which the addresses were changed last; the later ones only gave them more time.</summary>
    private long changed;

    /// <summary>Says it, when it is new.</summary>
    internal void Say(HeldAddresses holding)
    {
        if (holding == told)
            return;
        var number = keeper.Want(holding.Addresses.Count == 0 ? AddressWish.Nothing : new AddressWish
        {
            Addresses = [.. holding.Addresses.Select(On)],
            HandedOver = [.. holding.HandedOver.Select(On)],
            Lifetime = times.KernelLifetime,
            Until = loop.TimestampOf(holding.Until),
            LifetimeEnd = loop.TimestampOf(holding.KernelEnd),
        });
        if (told is null || told.Addresses != holding.Addresses)
            changed = number;
        told = holding;
    }

    /// <summary>
    /// What is known of an address, by a report that knows what was said last. Gone is only what was not said.
    /// </summary>
    public LinkPresence PresenceOf(ClaimAddress address)
    {
        var report = keeper.Latest;
        if (told is null || report.Wish < changed)
            return LinkPresence.Possible;
        if (report.Ours.Contains(On(address)))
            return LinkPresence.There;
        return told.Addresses.AsSpan().Contains(address) ? LinkPresence.Possible : LinkPresence.Gone;
    }

    /// <inheritdoc/>
    public AddressTrouble? TroubleOf(ClaimAddress address)
    {
        if (Latest(address) is not var (reason, message))
        {
            troubles.Remove(address.Address);
            return null;
        }
        // The same for as long as it lasts, though others may answer in turns.
        if (!troubles.TryGetValue(address.Address, out var known) || known.Trouble.Reason != reason)
            troubles[address.Address] = known = (new(reason, message, time.GetUtcNow()), loop.Now);
        return loop.Now >= known.Since + TroublePatience ? known.Trouble : null;
    }

    private (string Reason, string Message)? Latest(ClaimAddress address)
    {
        var report = keeper.Latest;
        if (report.Conflicts.GetValueOrDefault(address.Address) is { } hardware)
            return ("Conflict", $"{hardware} answers for {address.Address} on the network of this node: find that machine, or take the address out of use");
        if (report.Problems.GetValueOrDefault(On(address)) is { } problem)
            return ("Refused", problem);
        return report.Foreign.Contains(On(address))
            ? ("Foreign", $"{address.Address} is on this node's interface already, and not ours: it will not move with the claim")
            : null;
    }

    private static LinkAddress On(ClaimAddress address) => new(address.Address, address.PrefixLength);
}
