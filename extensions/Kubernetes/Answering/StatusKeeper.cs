using System.Collections.Concurrent;
using System.Collections.Immutable;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>
/// Keeps the statuses of Services as they shall be: writes what differs from what the informer saw, and writes again when somebody removes it or
/// makes the Service anew. A Service that is not of our class is never written to. Safe for concurrent use.
/// </summary>
/// <param name="services">The Services as they are.</param>
/// <param name="server">Writes.</param>
/// <param name="mark">Says what is ours.</param>
/// <param name="isOurs">Whether we are the load balancer of a Service.</param>
/// <param name="logger">Says what could not be put back.</param>
internal sealed partial class StatusKeeper(
    IInformer<Service> services, IStatusServer server, StatusMark mark, Func<Service, bool> isOurs, ILogger logger)
{
    private readonly ConcurrentDictionary<ServiceKey, StatusSlot> slots = new();
    private readonly ConcurrentDictionary<ObjectName, ImmutableArray<StatusSlot>> byName = new();

    /// <summary>True for an entry whose failure is told, or whose status was just taken back: its mark is no orphan's.</summary>
    internal bool IsAtWork(ServiceKey key) => slots.GetValueOrDefault(key) is { Wanted.IsPublished: not true };

    /// <summary>Takes up what was written before a restart; nothing is written.</summary>
    internal void Resume(ServiceKey key, WantedStatus wanted)
    {
        if (SlotOf(key) is { } slot)
            slot.Wanted = wanted;
    }

    /// <summary>Makes a Service's status say this, unless it does.</summary>
    /// <exception cref="ExtensionException">It could not be written.</exception>
    internal async Task SetAsync(ServiceKey key, WantedStatus wanted, CancellationToken stopping)
    {
        if (SlotOf(key) is not { } slot)
            return; // no Service of a cluster
        await slot.Turn.WaitAsync(stopping);
        try
        {
            slot.Wanted = wanted;
            await WriteAsync(slot, stopping);
        }
        finally
        {
            slot.Turn.Release();
        }
        if (wanted == WantedStatus.None && (slot.Accepted is null || services.MayOmit(slot.Name)))
            Forget(slot); // else once the informer has seen it: until then the object seems to bear our mark
    }

    /// <summary>How a Service's status differs from what it shall be; null when it does not.</summary>
    internal string? Difference(ServiceKey key, WantedStatus wanted)
    {
        if (!ObjectName.TryParse(key.Service, out var name) || services.Latest?.Find(name) is not { } found || !isOurs(found))
            return null;
        return IsSettled(found, slots.GetValueOrDefault(key)?.Accepted, key, wanted) ? null : wanted.Difference(found);
    }

    /// <summary>Puts back what others remove, until stopped.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        await foreach (var change in services.FollowAsync(stopping))
        {
            foreach (var name in change.Changed ?? (IEnumerable<ObjectName>)byName.Keys)
            {
                foreach (var slot in byName.GetValueOrDefault(name, []))
                    await PutBackAsync(slot, stopping);
            }
        }
    }

    private async Task PutBackAsync(StatusSlot slot, CancellationToken stopping)
    {
        if (IsSettled(slot))
        {
            if (slot.Wanted == WantedStatus.None && (services.Latest?.Find(slot.Name) is not { } seen || !mark.IsOn(seen, slot.Key)))
                Forget(slot);
            return;
        }
        await slot.Turn.WaitAsync(stopping);
        try
        {
            if (!IsSettled(slot)) // what was seen may have been our own write
                await WriteAsync(slot, stopping);
        }
        catch (ExtensionException failure)
        {
            Log.NotPutBack(logger, slot.Key, failure.Message); // the next comparison finds it again
        }
        finally
        {
            slot.Turn.Release();
        }
    }

    private bool IsSettled(StatusSlot slot) =>
        services.Latest?.Find(slot.Name) is not { } found || !isOurs(found) || IsSettled(found, slot.Accepted, slot.Key, slot.Wanted);

    private bool IsSettled(Service found, AcceptedStatus? last, ServiceKey key, WantedStatus wanted)
    {
        if (last?.Service is not { } accepted || accepted.Metadata.Uid != found.Metadata.Uid)
            return wanted.IsSaidBy(found, mark.IsOn(found, key));
        var isSeen = !ResourceVersions.IsOlder(found.Metadata.ResourceVersion, accepted.Metadata.ResourceVersion);
        if (last.Wanted == wanted) // what the server made of these words is right, whatever it left out
            return !isSeen || (mark.IsOn(found, key) == mark.IsOn(accepted, key) && StatusComparison.AreEqual(found.Status, accepted.Status));
        var newest = isSeen ? found : accepted;
        return wanted.IsSaidBy(newest, mark.IsOn(newest, key));
    }

    private async Task WriteAsync(StatusSlot slot, CancellationToken stopping)
    {
        var found = services.Latest?.Find(slot.Name);
        // The Service may be newer than what the informer saw, or have lost the label by which it was seen.
        if (found is null && (slot.Wanted != WantedStatus.None || services.Failure is not null || services.MayOmit(slot.Name)))
            found = await services.ReadAsync(slot.Name, stopping);
        if (found is null || !IsWritten(found, slot))
            return;
        try
        {
            await ApplyAsync(found, slot, stopping);
        }
        catch (ExtensionException refusal) when (refusal.Reason is Reason.Conflict or Reason.Refused)
        {
            // The server says the same of a Service that is gone, or was made anew, before we have seen it (uid mismatch); some versions refuse it as wrong.
            var there = await services.ReadAsync(slot.Name, stopping);
            if (there?.Metadata.Uid == found.Metadata.Uid)
                throw;
            if (there is not null && IsWritten(there, slot))
                await ApplyAsync(there, slot, stopping);
        }
    }

    private async Task ApplyAsync(Service found, StatusSlot slot, CancellationToken stopping)
    {
        if (IsSettled(found, slot.Accepted, slot.Key, slot.Wanted))
            return;
        var wanted = slot.Wanted;
        slot.Accepted = await server.ApplyAsync(found, mark.Of(slot.Key), wanted, stopping) is { } accepted ? new(wanted, accepted) : null;
    }

    /// <summary>A Service of another class is not written to, but for what we left on it while it was ours.</summary>
    private bool IsWritten(Service found, StatusSlot slot) => isOurs(found) || slot.Wanted == WantedStatus.None;

    private StatusSlot? SlotOf(ServiceKey key)
    {
        if (!ObjectName.TryParse(key.Service, out var name))
            return null;
        return slots.GetOrAdd(key, _ =>
        {
            var slot = new StatusSlot(key, name);
            byName.AddOrUpdate(name, [slot], (_, others) => others.Add(slot));
            return slot;
        });
    }

    private void Forget(StatusSlot slot)
    {
        slots.TryRemove(slot.Key, out _);
        var rest = byName.AddOrUpdate(slot.Name, [], (_, others) => others.Remove(slot));
        if (rest.IsEmpty)
            byName.TryRemove(new(slot.Name, rest));
    }
}
