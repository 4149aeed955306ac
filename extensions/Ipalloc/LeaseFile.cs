using System.Net;
using Interlook.Storage;

namespace Interlook.Extensions.Ipalloc;

/// <summary>The durable leases by address. Safe for concurrent use, one call for one address at a time.</summary>
/// <param name="path">Where they are.</param>
/// <param name="stores">Opens them.</param>
/// <param name="isReadOnly">True refuses every write.</param>
internal sealed class LeaseFile(string path, IRecordStores stores, bool isReadOnly)
{
    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, Revision> durable = [];
    private IRecordStore<Lease>? store;

    /// <summary>Reads every lease.</summary>
    internal async Task<IReadOnlyList<Lease>> ReadAsync(CancellationToken stopping)
    {
        try
        {
            store = stores.Open(path, new LeaseCodec());
            var leases = await store.ReadAllAsync(stopping);
            foreach (var (_, lease) in leases)
                Remember(lease.Value.Address, lease.Revision);
            return [.. leases.Values.Select(lease => lease.Value)];
        }
        catch (StoreException problem)
        {
            throw new ExtensionException(Reason.Unavailable, $"the leases cannot be read: {problem.Message}", innerException: problem);
        }
    }

    /// <summary>Makes a lease durable.</summary>
    /// <returns>False when it was durable already.</returns>
    internal async Task<bool> WriteAsync(Lease lease, CancellationToken stopping)
    {
        lock (gate)
        {
            if (durable.ContainsKey(lease.Address))
                return false;
        }
        Remember(lease.Address, await CommitAsync(lease, Revision.None, lease, stopping));
        return true;
    }

    /// <summary>Deletes a lease; one that is not there is no failure.</summary>
    internal async Task DeleteAsync(Lease lease, CancellationToken stopping)
    {
        // Forgotten first: when the call is cut off nobody knows whether the lease is still there, and a write must not take it for durable.
        Revision revision;
        lock (gate)
            durable.Remove(lease.Address, out revision);
        await CommitAsync(lease, revision, null, stopping);
    }

    /// <summary>Lets go of the file.</summary>
    internal ValueTask CloseAsync() => store?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Remember(IPAddress address, Revision revision)
    {
        lock (gate)
            durable[address] = revision;
    }

    private async Task<Revision> CommitAsync(Lease lease, Revision expected, Lease? value, CancellationToken stopping)
    {
        if (isReadOnly)
            throw new InvalidOperationException($"the lease of {lease.Address} would be written to {path}, and Interlook only looks");
        try
        {
            return await CommitOrFollowAsync(lease, expected, value, stopping);
        }
        catch (StoreException problem)
        {
            throw new ExtensionException(
                Reason.Unavailable,
                $"the lease of {lease.Address} for {lease.Holder.Path} cannot be {(value is null ? "returned" : "kept")}: {problem.Message}",
                innerException: problem);
        }
    }

    private async Task<Revision> CommitOrFollowAsync(Lease lease, Revision expected, Lease? value, CancellationToken stopping)
    {
        var key = lease.Address.ToString();
        try
        {
            return await store!.WriteAsync(new RecordWrite<Lease>(key, expected, value), stopping);
        }
        catch (StaleRevisionException stale)
        {
            // An earlier call was cut off and its write was made all the same. If the record is what that call left, go on from there.
            var stored = (await store!.ReadAllAsync(stopping)).GetValueOrDefault(key);
            if (stored.Value is not null && stored.Value.Holder != lease.Holder)
                throw new StoreException($"{path} says that {key} is leased to {stored.Value.Holder.Path}: does another Interlook use it?", stale);
            return value == stored.Value
                ? stored.Revision
                : await store.WriteAsync(new RecordWrite<Lease>(key, stored.Revision, value), stopping);
        }
    }
}
