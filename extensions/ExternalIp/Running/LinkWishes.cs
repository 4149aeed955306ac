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
internal sealed class LinkWishes(AddressKeeper keeper, PassLoop loop, FenceTimes times)
{
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
    internal LinkPresence PresenceOf(ClaimAddress address)
    {
        var report = keeper.Latest;
        if (told is null || report.Wish < changed)
            return LinkPresence.Possible;
        if (report.Ours.Contains(On(address)))
            return LinkPresence.There;
        return told.Addresses.AsSpan().Contains(address) ? LinkPresence.Possible : LinkPresence.Gone;
    }

    private static LinkAddress On(ClaimAddress address) => new(address.Address, address.PrefixLength);
}
