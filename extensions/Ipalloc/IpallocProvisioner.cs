using System.Diagnostics.Metrics;
using System.Net;
using Interlook.Collections;
using Interlook.Provisioners;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Ipalloc;

/// <summary>
/// Leases an address to every service. A lease is durable before a deployment is acknowledged, and an address is free only once its return
/// is durable, so no crash leads to one address for two services.
/// </summary>
internal sealed partial class IpallocProvisioner(IpallocOptions options, ExtensionContext context) : IProvisioner, IDisposable
{
    /// <summary>How many services that went are remembered with their address.</summary>
    private const int Remembered = 4096;

    private readonly ILogger logger = context.Loggers.CreateLogger("Interlook.Extensions.Ipalloc");
    private readonly AddressPool pool = options.CreatePool();
    private readonly AwaitedAddresses awaited = new();
    private readonly FormerAddresses former = new(Remembered);
    private readonly LeaseFile file = new(options.DbFile, context.Stores, context.IsReadOnly);
    private readonly Meter meter = new("Interlook");

    /// <summary>Leases of before the range was changed: nobody else can get them; they go with the next call for their service.</summary>
    private readonly Dictionary<ServiceKey, List<IPAddress>> strays = [];

    /// <summary>Guards the pool and the strays; never held across a write.</summary>
    private readonly Lock gate = new();

    private string Range => $"{options.Space.Show(options.Network.Family)} ({pool.Size:R} addresses of {options.Network})";

    public async Task StartAsync(CancellationToken stopping)
    {
        foreach (var lease in await file.ReadAsync(stopping))
        {
            var address = AddressNumber.Of(lease.Address);
            if (lease.Address.AddressFamily == pool.Family && pool.Take(address, lease.Holder))
                continue;
            strays.TryAdd(lease.Holder, []);
            strays[lease.Holder].Add(lease.Address);
            Log.OutsideRange(logger, lease.Holder, lease.Address.ToString());
        }
        meter.CreateObservableGauge("interlook.pool.addresses", Measure, "{address}", "Addresses of the pool, and how many of them are leased.");
        Log.Started(logger, Range, pool.Used, pool.Size);
    }

    public Task CheckAsync(CancellationToken stopping) => Task.CompletedTask; // the leases are in memory and on this machine's disk

    public async Task<ServiceDefinition> DeployAsync(
        ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        var address = Choose(key, desired.PublicIp, earlier);
        if (await file.WriteAsync(new Lease(address, key), stopping))
            Log.Leased(logger, address.ToString(), key);
        await ReturnAsync(key, address, stopping);
        return desired with { PublicIp = address };
    }

    public Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        lock (gate)
            awaited.Leave(key);
        return ReturnAsync(key, null, stopping);
    }

    public Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
    {
        lock (gate)
        {
            var drifts = applied
                .Where(service => service.Value.PublicIp is { } address && !IsHeldBy(address, service.Key))
                .Select(service => new Drift(service.Key, $"the lease of {service.Value.PublicIp} is missing"));
            var orphans = pool.Leases
                .Select(lease => (Address: AddressNumber.Show(lease.Address, pool.Family), lease.Holder))
                .Concat(strays.SelectMany(stray => stray.Value.Select(address => (Address: address.ToString(), Holder: stray.Key))))
                .Where(lease => !applied.ContainsKey(lease.Holder))
                .Select(lease => new Orphan($"lease of {lease.Address}", lease.Holder));
            return Task.FromResult(new Observation(drifts.ToEquatableArray(), orphans.ToEquatableArray()));
        }
    }

    public async Task StopAsync(CancellationToken stopping)
    {
        Dispose();
        await file.CloseAsync();
    }

    public void Dispose() => meter.Dispose();

    private IPAddress Choose(ServiceKey holder, IPAddress? requested, EquatableArray<ServiceDefinition> earlier)
    {
        lock (gate)
        {
            if (requested is not null)
                return TakeRequested(holder, requested);
            awaited.Leave(holder);
            var held = pool.HeldBy(holder);
            foreach (var definition in earlier)
            {
                // What it had, also when the file of leases was lost meanwhile.
                if (definition.PublicIp is { } had && Has(had) && (held.Count == 0 || held.Contains(AddressNumber.Of(had)))
                    && pool.Take(AddressNumber.Of(had), holder))
                    return had;
            }
            if (held.Count == 0 && former.Of(holder) is { } last && pool.Take(last, holder))
                return AddressNumber.ToAddress(last, pool.Family);
            var address = held.Count == 0 ? pool.TakeLowest(holder) : held[0];
            return address is { } number
                ? AddressNumber.ToAddress(number, pool.Family)
                : throw new ExtensionException(
                    Reason.Exhausted,
                    $"no address is left for service {holder} in {Range}: all are leased; it gets one as soon as a service gives one back, "
                    + "or enlarge ip_start, ip_end or network_cidr");
        }
    }

    private IPAddress TakeRequested(ServiceKey holder, IPAddress requested)
    {
        if (!Has(requested))
        {
            awaited.Leave(holder);
            throw new ExtensionException(
                Reason.Invalid,
                $"service {holder} asks for {requested}, which is not an address of {Range}, or is excluded: ask for another, or for none");
        }
        if (pool.Take(AddressNumber.Of(requested), holder))
        {
            awaited.Leave(holder);
            return requested;
        }
        awaited.Join(AddressNumber.Of(requested), holder);
        throw new ExtensionException(
            Reason.Conflict,
            $"service {holder} asks for {requested}, which service {pool.HolderOf(AddressNumber.Of(requested))} has: "
            + "it gets it as soon as that gives it back; or ask for another");
    }

    private async Task ReturnAsync(ServiceKey key, IPAddress? kept, CancellationToken stopping)
    {
        List<IPAddress> unwanted;
        lock (gate)
        {
            unwanted = [.. strays.GetValueOrDefault(key, [])];
            foreach (var number in pool.HeldBy(key))
                unwanted.Add(AddressNumber.ToAddress(number, pool.Family));
        }
        foreach (var address in unwanted)
        {
            if (address.Equals(kept))
                continue;
            await file.DeleteAsync(new Lease(address, key), stopping);
            lock (gate)
                Forget(key, address);
            Log.Returned(logger, key, address.ToString());
        }
    }

    private void Forget(ServiceKey key, IPAddress address)
    {
        if (Has(address))
        {
            var number = AddressNumber.Of(address);
            pool.Return(number, key);
            former.Remember(key, number);
            if (awaited.TakeFirst(number) is { } next)
                pool.Take(number, next); // kept for it until it is asked for again
        }
        else if (strays.TryGetValue(key, out var addresses) && addresses.Remove(address) && addresses.Count == 0)
            strays.Remove(key);
    }

    private bool Has(IPAddress address) => address.AddressFamily == pool.Family && pool.Has(AddressNumber.Of(address));

    private bool IsHeldBy(IPAddress address, ServiceKey holder) =>
        Has(address)
            ? pool.IsHeldBy(AddressNumber.Of(address), holder)
            : strays.TryGetValue(holder, out var addresses) && addresses.Contains(address);

    private IEnumerable<Measurement<double>> Measure()
    {
        lock (gate)
        {
            return
            [
                new(pool.Used, new("extension", context.Name), new("state", "used")),
                new(pool.Size, new("extension", context.Name), new("state", "size")),
            ];
        }
    }
}
