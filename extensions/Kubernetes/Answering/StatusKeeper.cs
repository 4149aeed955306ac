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
/// <param name="time">The clock.</param>
/// <param name="logger">Says what could not be put back.</param>
internal sealed partial class StatusKeeper(
    IInformer<Service> services, IStatusServer server, StatusMark mark, Func<Service, bool> isOurs, TimeProvider time, ILogger logger)
{
    /// <summary>What was written and is not seen so long afterwards will not be seen: the server went back in time.</summary>
    private static readonly TimeSpan UntilSeen = TimeSpan.FromSeconds(30);

    private readonly StatusSlots slots = new();
    private readonly Turns turns = new();

    /// <summary>True for an entry whose failure is told, or whose status was just taken back: its mark is no orphan's.</summary>
    internal bool IsFailingOrGoing(ServiceKey key) => slots.Find(key) is { Wanted.IsPublished: not true };

    /// <summary>Takes up what was written before a restart; nothing is written.</summary>
    internal void Resume(ServiceKey key, WantedStatus wanted) => slots.FindOrAdd(key, wanted);

    /// <summary>Makes a Service's status say this, unless it does.</summary>
    /// <exception cref="ExtensionException">It could not be written.</exception>
    internal async Task SetAsync(ServiceKey key, WantedStatus wanted, CancellationToken stopping)
    {
        if (slots.FindOrAdd(key, wanted) is not { } slot)
            return; // no Service of a cluster
        using (await turns.TakeAsync(key, stopping))
        {
            slot.Wanted = wanted;
            slots.Keep(slot);
            await WriteAsync(slot, stopping);
        }
        if (slot.Accepted is null || services.MayOmit(slot.Name))
            slots.Forget(slot); // else once the informer has seen it: until then the object seems to bear our mark
    }

    /// <summary>How a Service's status differs from where it shall be reached; null when it does not. What the condition says is told as it happens.</summary>
    internal string? Difference(ServiceKey key, WantedStatus wanted)
    {
        if (!ObjectName.TryParse(key.Service, out var name) || services.Latest?.Find(name) is not { } found || !isOurs(found))
            return null;
        var slot = slots.Find(key);
        if (slot is { Wanted.IsPublished: false })
            wanted = slot.Wanted;
        return IsSettled(found, slot, key, wanted) || (mark.IsOn(found, key) && wanted.IsReachedAsIn(found)) ? null : wanted.Difference(found);
    }

    /// <summary>Puts back what others remove, until stopped.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        await foreach (var change in services.FollowAsync(stopping))
        {
            foreach (var slot in change.Changed is { } changed ? changed.SelectMany(name => slots.Of(name)) : slots.All)
                await PutBackAsync(slot, stopping);
        }
    }

    private async Task PutBackAsync(StatusSlot slot, CancellationToken stopping)
    {
        if (IsSettled(slot))
        {
            if (services.Latest?.Find(slot.Name) is not { } seen || !mark.IsOn(seen, slot.Key))
                slots.Forget(slot);
            return;
        }
        using var turn = await turns.TakeAsync(slot.Key, stopping);
        try
        {
            if (IsSettled(slot))
                return; // what was seen was our own write
            if (slot.IsWaiting)
                return;
            if (slot.Pace.Delay(time) is var delay && delay > TimeSpan.Zero)
            {
                slot.IsWaiting = true;
                _ = PutBackLaterAsync(slot, delay, stopping);
                return;
            }
            slot.Pace.Took(time);
            await WriteAsync(slot, stopping);
        }
        catch (ExtensionException failure)
        {
            Log.NotPutBack(logger, slot.Key, failure.Message); // the next comparison finds it again
        }
    }

    private async Task PutBackLaterAsync(StatusSlot slot, TimeSpan delay, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(delay, time, stopping);
            slot.IsWaiting = false;
            await PutBackAsync(slot, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // stopped
        }
    }

    /// <summary>What shall be ours of a Service: of one that is not, or no longer, of our class, nothing.</summary>
    private WantedStatus WantedOf(StatusSlot slot, Service found) => isOurs(found) ? slot.Wanted : WantedStatus.None;

    private bool IsSettled(StatusSlot slot) =>
        services.Latest?.Find(slot.Name) is not { } found || IsSettled(found, slot, slot.Key, WantedOf(slot, found));

    private bool IsSettled(Service found, StatusSlot? slot, ServiceKey key, WantedStatus wanted)
    {
        var newest = slot is null ? found : Newest(found, slot);
        return wanted.IsSaidBy(newest, mark.IsOn(newest, key));
    }

    /// <summary>What was written counts until the informer has seen it; then it is forgotten, and what is seen counts.</summary>
    private Service Newest(Service found, StatusSlot slot)
    {
        if (slot.Accepted is not { } last)
            return found;
        if (last.Service.Metadata.Uid == found.Metadata.Uid
            && ResourceVersions.IsOlder(found.Metadata.ResourceVersion, last.Service.Metadata.ResourceVersion)
            && time.GetElapsedTime(last.Time) <= UntilSeen)
        {
            return last.Service;
        }
        slot.Forget(last);
        return found;
    }

    private async Task WriteAsync(StatusSlot slot, CancellationToken stopping)
    {
        var found = services.Latest?.Find(slot.Name);
        // The Service may be newer than what the informer saw, or have lost the label by which it was seen.
        if (found is null && (!slot.Wanted.IsNothing || services.Failure is not null || services.MayOmit(slot.Name)))
            found = await services.ReadAsync(slot.Name, stopping);
        if (found is null)
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
            if (there is not null)
                await ApplyAsync(there, slot, stopping);
        }
    }

    private async Task ApplyAsync(Service found, StatusSlot slot, CancellationToken stopping)
    {
        var wanted = WantedOf(slot, found);
        if (IsSettled(found, slot, slot.Key, wanted))
            return;
        slot.Accepted = await server.ApplyAsync(found, mark.Of(slot.Key), wanted, stopping) is { } applied ? new(applied, time.GetTimestamp()) : null;
        if (services.Latest?.Find(slot.Name) is { } seen)
            Newest(seen, slot); // it may have been seen before the answer was here
    }
}
