using System.Net;
using Interlook.Collections;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Scheduling;

/// <summary>
/// Which claims a set of Services wants, and what shall stand in the Services. Pure; made for one pass. The claims themselves say which
/// address is whose: an address pool's list is derived from them, and a Service is written only when its claim stands. So a crash between
/// any two writes is taken up by the next pass, and of two schedulers that give away one address only one can create the claim.
/// </summary>
internal sealed class ServiceClaims
{
    private readonly SortedDictionary<string, WantedClaim> wanted = new(StringComparer.Ordinal);
    private readonly Dictionary<IPAddress, string> names = [];
    private readonly HashSet<IPAddress> taken = [];
    private readonly Dictionary<string, ClaimAddress> given = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ClaimAddress> formerly = new(StringComparer.Ordinal);
    private readonly List<ServiceRefusal> refusals = [];
    private readonly List<ServiceWrite> writes = [];
    private readonly List<ClaimPoolAddresses> pools;
    private readonly IReadOnlyDictionary<string, StoredRecord<Claim>> claims;
    private readonly int mask;

    /// <summary>Decides at once.</summary>
    /// <param name="services">All Services, in the order of their names.</param>
    /// <param name="pools">All address pools, in the order of their names: the first with a free address gives it.</param>
    /// <param name="claims">All claims that are known.</param>
    /// <param name="mask">The prefix length of addresses that were written by hand (<c>--mask</c>); an IPv6 address is always /128.</param>
    internal ServiceClaims(
        IReadOnlyCollection<ServiceDemand> services,
        IEnumerable<ClaimPool> pools,
        IReadOnlyDictionary<string, StoredRecord<Claim>> claims,
        int mask)
    {
        this.pools = [.. pools.Select(pool => new ClaimPoolAddresses(pool))];
        this.claims = claims;
        this.mask = mask;
        Remember();
        KeepEntries();
        foreach (var service in services)
            KeepWritten(service);
        foreach (var service in services.Where(service => service.WantsAddress))
            KeepGiven(service);
        foreach (var service in services.Where(service => service.WantsAddress && !given.ContainsKey(service.Name) && !HasOwn(service)))
            Give(service);
        foreach (var service in services)
            Write(service);
    }

    /// <summary>The claims that shall exist, by name.</summary>
    internal IReadOnlyDictionary<string, WantedClaim> Wanted => wanted;

    /// <summary>What shall be written into Services.</summary>
    internal IReadOnlyList<ServiceWrite> Writes => writes;

    /// <summary>Services that cannot have what they ask for.</summary>
    internal IReadOnlyList<ServiceRefusal> Refusals => refusals;

    /// <summary>What is wrong with address pools.</summary>
    internal IEnumerable<string> Problems => pools.SelectMany(pool => pool.Problems.AsSpan().ToArray());

    /// <summary>What stands is reserved before anything is given away, so that no restart gives an address twice.</summary>
    private void Remember()
    {
        foreach (var (name, stored) in claims)
        {
            if (stored.Value.Address is not { } address)
                continue;
            taken.Add(address.Address);
            names.TryAdd(address.Address, name);
            if (stored.Value.Pool is null)
                continue;
            // The first owner was given it; others wrote it into their externalIPs.
            if (stored.Value.Services.FirstOrDefault() is { } service)
                formerly.TryAdd(service, address);
        }
    }

    /// <summary>
    /// A claim that an entry of an Interlook owns shall exist until that owner is taken away, and Interlook does that itself. Of two claims of
    /// one address the first is kept.
    /// </summary>
    private void KeepEntries()
    {
        foreach (var (name, stored) in claims)
        {
            if (stored.Value is { HasEntries: true, Address: { } address } claim && names[address.Address] == name)
                wanted.Add(name, new WantedClaim(address, claim.Pool, []));
        }
    }

    /// <summary>Every address in a Service's externalIPs gets a claim, but for one that we gave it and that it does not ask for any more.</summary>
    private void KeepWritten(ServiceDemand service)
    {
        foreach (var text in service.ExternalIps)
        {
            if (!ClaimAddress.TryParseAddress(text, out var address))
            {
                refusals.Add(new(service.Name, Reason.Invalid, $"externalIPs of {service.Name} holds '{text}', which is not an IP address"));
                continue;
            }
            taken.Add(address);
            if (IsGiven(service, address))
            {
                // Until it is taken out of the Service it would be taken for one written by hand as soon as its claim is gone.
                if (service.WantsAddress && IsAsked(service, address))
                    Keep(service, formerly[service.Name]);
                else
                    Want(service, address, Standing(address)?.Pool, formerly[service.Name].PrefixLength);
            }
            else if (service.WantsAddress && !given.ContainsKey(service.Name) && IsAsked(service, address) && PoolOf(address) is { } pool && IsFree(service, address))
            {
                // An address of a pool in a Service that asks for one: the earlier program gave it, or we did and the claim was lost.
                Keep(service, new ClaimAddress(address, pool.PrefixLength));
            }
            else
            {
                Want(service, address);
            }
        }
    }

    /// <summary>What a Service was given it keeps, though it does not stand in its externalIPs (yet, or because somebody removed it).</summary>
    private void KeepGiven(ServiceDemand service)
    {
        if (given.ContainsKey(service.Name) || !formerly.TryGetValue(service.Name, out var address))
            return;
        // A Service that got another address by hand since wants that one instead.
        if (IsAsked(service, address.Address) && !HasOwn(service))
            Keep(service, address);
    }

    private void Give(ServiceDemand service)
    {
        if (service is { IsBalancer: true, AskedAddress: { Length: > 0 } text })
        {
            GiveAsked(service, text);
            return;
        }
        foreach (var pool in pools)
        {
            if (pool.TakeFree(taken) is not { } address)
                continue;
            Keep(service, new ClaimAddress(address, pool.PrefixLength));
            return;
        }
        refusals.Add(new(
            service.Name,
            Reason.Exhausted,
            pools.Count == 0 ? $"there is no address pool to give {service.Name} an address from" : $"There is no free IP left in the pool: {service.Name} waits for one"));
    }

    private void GiveAsked(ServiceDemand service, string text)
    {
        if (!ClaimAddress.TryParseAddress(text, out var address))
            refusals.Add(new(service.Name, Reason.Invalid, $"loadBalancerIP of {service.Name} is '{text}', which is not an IP address"));
        else if (PoolOf(address) is not { } pool)
            refusals.Add(new(service.Name, Reason.Invalid, $"loadBalancerIP {text} of {service.Name} lies in no address pool"));
        else if (!IsFree(service, address))
            refusals.Add(new(service.Name, Reason.Conflict, $"loadBalancerIP {text} of {service.Name} is taken by another Service"));
        else
            Keep(service, new ClaimAddress(address, pool.PrefixLength));
    }

    private void Keep(ServiceDemand service, ClaimAddress address)
    {
        given[service.Name] = address;
        Want(service, address.Address, PoolOf(address.Address)?.Name ?? Standing(address.Address)?.Pool, address.PrefixLength);
    }

    private void Want(ServiceDemand service, IPAddress address) =>
        Want(service, address, null, PoolOf(address)?.PrefixLength ?? (ClaimAddress.Bits(address) == 32 ? mask : 128));

    /// <summary>One address has one claim, whatever its prefix length: one that stands is kept.</summary>
    private void Want(ServiceDemand service, IPAddress address, string? pool, int prefixLength)
    {
        taken.Add(address);
        if (!names.TryGetValue(address, out var name))
            names.Add(address, name = ClaimName.Of(address, prefixLength));
        if (!wanted.TryGetValue(name, out var claim))
        {
            var cidr = claims.TryGetValue(name, out var stored) && stored.Value.Address is { } standing
                ? standing
                : new ClaimAddress(address, prefixLength);
            wanted.Add(name, new WantedClaim(cidr, pool, [service.Name]));
        }
        else if (!claim.Services.AsSpan().Contains(service.Name))
        {
            wanted[name] = new(claim.Address, claim.Pool ?? pool, claim.Services.Insert(pool is null ? claim.Services.Count : 0, service.Name));
        }
    }

    private void Write(ServiceDemand service)
    {
        var mine = given.TryGetValue(service.Name, out var address) ? address.Address : null;
        // Until its claim stands with this owner the address may still turn out to be another's.
        if (mine is not null && Standing(mine)?.Services.Contains(service.Name) != true)
            return;
        var left = service.ExternalIps.Where(text =>
            !ClaimAddress.TryParseAddress(text, out var written) || written.Equals(mine) || !IsGiven(service, written)).ToList();
        if (mine is not null && !service.Has(mine))
            left.Add(mine.ToString());
        EquatableArray<string>? ingress = service.IsBalancer ? Ingress(mine, left) : null;
        var spec = left.ToEquatableArray();
        if (spec != service.ExternalIps || (ingress is { } status && status != service.Ingress))
            writes.Add(new(service.Name, spec, ingress));
    }

    private static EquatableArray<string> Ingress(IPAddress? mine, List<string> externalIps) => mine is not null
        ? [mine.ToString()]
        : externalIps.Where(text => ClaimAddress.TryParseAddress(text, out _)).ToEquatableArray();

    private bool HasOwn(ServiceDemand service)
    {
        foreach (var text in service.ExternalIps)
        {
            if (ClaimAddress.TryParseAddress(text, out var address) && !IsGiven(service, address))
                return true;
        }
        return false;
    }

    private bool IsGiven(ServiceDemand service, IPAddress address) =>
        formerly.TryGetValue(service.Name, out var former) && former.Address.Equals(address);

    private static bool IsAsked(ServiceDemand service, IPAddress address) =>
        service is not { IsBalancer: true, AskedAddress: { Length: > 0 } text } || (ClaimAddress.TryParseAddress(text, out var asked) && asked.Equals(address));

    private bool IsFree(ServiceDemand service, IPAddress address) =>
        Standing(address) is { } claim ? claim.Services.All(owner => owner == service.Name) && claim.Services.Any()
        : !names.TryGetValue(address, out var name) || !wanted.TryGetValue(name, out var planned) || planned.Services.AsSpan().SequenceEqual([service.Name]);

    private ClaimPoolAddresses? PoolOf(IPAddress address) => pools.Find(pool => pool.Has(address));

    private Claim? Standing(IPAddress address) => names.TryGetValue(address, out var name) && claims.TryGetValue(name, out var stored) ? stored.Value : null;
}
