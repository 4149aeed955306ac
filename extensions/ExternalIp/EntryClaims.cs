using System.Net;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Services;

namespace Interlook.Extensions.ExternalIp;

/// <summary>
/// The claims that entries own: made, waited for, and let go, each step a compare-and-set. Which node gets one is the scheduler's; a claim
/// without an owner of ours is never changed. Safe for concurrent use.
/// </summary>
/// <param name="store">Where the claims are.</param>
/// <param name="system">The same for messages.</param>
/// <param name="instance">Who we are in owners.</param>
/// <param name="options">The prefix length of new claims, and how long to wait.</param>
/// <param name="time">The clock.</param>
internal sealed class EntryClaims(IClaimStore store, string system, string instance, ExternalIpOptions options, TimeProvider time)
{
    /// <summary>Makes a claim for an address, unless it is there, and waits until a node has it.</summary>
    /// <param name="key">Whose it is.</param>
    /// <param name="ip">The address.</param>
    /// <param name="all">All claims: one address has one claim, whatever its prefix length.</param>
    /// <param name="stopping">Cancels the call.</param>
    /// <returns>The claim's name.</returns>
    internal async Task<string> PlaceAsync(ServiceKey key, IPAddress ip, RecordView<Claim> all, CancellationToken stopping)
    {
        var owner = ClaimOwner.Of(instance, key);
        var address = Address(ip);
        var name = NameOf(address, owner, all);
        var patience = new ClaimPatience(options.Wait, time);
        while (true)
        {
            var stored = await store.Claims.ReadAsync(name, stopping);
            if (stored is null)
            {
                await store.Claims.CreateAsync(Made(address, owner), stopping); // when somebody was first, the next look finds it
                name = address.Name;
                continue;
            }
            var claim = stored.Value.Value;
            if (claim.IsOwned && !claim.IsOwnedBy(owner))
                throw new ExtensionException(Reason.Conflict, $"{system}: claim {name} of {ip} for service {key} belongs to {claim.Owners}; give the service another address");
            if (claim.IsOwnedBy(owner) && claim.Address?.Name != name)
            {
                await store.Claims.UpdateAsync(claim with { Spec = claim.Spec with { Cidr = address.ToString() } }, stored.Value.Revision, stopping);
                continue;
            }
            if (claim.IsOwnedBy(owner) && claim.IsHeldBy(claim.Node) && claim.Trouble is null)
                return name;
            if (!await patience.WaitAsync(stopping))
                throw Unplaced(key, ip, name, claim, owner);
        }
    }

    /// <summary>Takes an owner away from a claim, and waits until the claim is gone if it has no other.</summary>
    internal async Task ReleaseAsync(ServiceKey key, string name, CancellationToken stopping)
    {
        var owner = ClaimOwner.Of(instance, key);
        var patience = new ClaimPatience(options.Wait, time);
        var isGivenUp = false;
        while (await store.Claims.ReadAsync(name, stopping) is { } stored)
        {
            var (claim, left) = (stored.Value, stored.Value.WithoutOwner(owner));
            if (left.IsOwned && !claim.IsOwnedBy(owner))
                return; // others want it, and we do not stand in it any more
            if (claim.IsOwnedBy(owner) || isGivenUp)
            {
                // Deleted is only what nobody holds: the holder takes it off its link first, and writes itself out.
                var result = left.IsOwned ? await store.Claims.UpdateAsync(left, stored.Revision, stopping)
                    : claim.Holder == "" ? await store.Claims.DeleteAsync(name, stored.Revision, stopping)
                    : isGivenUp ? default(WriteResult?)
                    : await store.Claims.UpdateAsync(left.For("", claim.Holder), stored.Revision, stopping);
                if (result is not null)
                {
                    isGivenUp |= result.Value.IsWritten;
                    continue;
                }
            }
            if (!await patience.WaitAsync(stopping))
                throw Held(key, name, claim);
        }
    }

    /// <summary>The names of the claims that an entry may still have: those that name it, and those of its addresses that nobody wants any more.</summary>
    internal IEnumerable<string> NamesOf(ServiceKey key, IReadOnlyCollection<IPAddress> addresses, RecordView<Claim> all)
    {
        var owner = ClaimOwner.Of(instance, key);
        return all.Records.Where(each => each.Value.Value is var claim
            && (claim.IsOwnedBy(owner) || (!claim.IsOwned && claim.Address is { } address && addresses.Contains(address.Address)))).Select(each => each.Key);
    }

    private ClaimAddress Address(IPAddress ip) => new(ip, ClaimAddress.Bits(ip) == 32 ? options.Mask : 128);

    private static string NameOf(ClaimAddress address, ClaimOwner owner, RecordView<Claim> all)
    {
        var same = all.Records.Values.Select(stored => stored.Value).Where(claim => claim.Address?.Address.Equals(address.Address) == true).ToList();
        return (same.Find(claim => claim.IsOwnedBy(owner)) ?? same.FirstOrDefault())?.Metadata.Name ?? address.Name;
    }

    private static Claim Made(ClaimAddress address, ClaimOwner owner) => new()
    {
        Metadata = ClaimMeta.Named(address.Name) with { OwnerReferences = [owner] },
        Spec = new() { Cidr = address.ToString() },
        Status = new() { Holder = "" },
    };

    private ExtensionException Unplaced(ServiceKey key, IPAddress ip, string name, Claim claim, ClaimOwner owner)
    {
        var what = $"{system}: claim {name} of {ip} for service {key}";
        return !claim.IsOwnedBy(owner)
            ? new(Reason.Unavailable, $"{what} cannot be made while one that nobody wants any more stands there, held by {Holder(claim)}; does `interlook scheduler` run?")
            : claim.Trouble is { } trouble
            ? new(Reason.Conflict, $"{what} is not announced by {claim.Holder}: {trouble}; find who else has the address")
            : claim.Holder != ""
            ? new(Reason.Unavailable, $"{what} is on its way from {claim.Holder} to {(claim.Node == "" ? "another node" : claim.Node)}; it may pass by itself")
            : new(Reason.Unavailable, $"{what} has no living node; does `interlook claimcontroller` run on a node, and `interlook scheduler` somewhere?");
    }

    private ExtensionException Held(ServiceKey key, string name, Claim claim) => new(
        Reason.Unavailable,
        $"{system}: claim {name} of service {key} is given up and still held by {Holder(claim)}; does the node live, and does `interlook scheduler` run?");

    private static string Holder(Claim claim) => claim.Holder == "" ? "no node" : claim.Holder;
}
