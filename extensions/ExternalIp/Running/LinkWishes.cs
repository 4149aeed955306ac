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
            Lifetime = times.KernelLifetime,
            Until = loop.TimestampOf(holding.Until),
            LifetimeEnd = loop.TimestampOf(holding.KernelEnd),
        });
        if (told is null || told.Addresses != holding.Addresses)
            changed = number;
        told = holding;
    }

    /// <summary>
    /// True while an address may be on the interface or come there: it was said, or no report that knows it no longer is shows it gone.
    /// </summary>
    internal bool IsPresent(ClaimAddress address) =>
        told is null
        || told.Addresses.AsSpan().Contains(address)
        || keeper.Latest is not { } report
        || report.Wish < changed
        || report.Ours.Contains(On(address));

    private static LinkAddress On(ClaimAddress address) => new(address.Address, address.PrefixLength);
}
