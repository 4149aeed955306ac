using System.Collections.Frozen;
using Interlook.Engine.Planning;
using Interlook.Engine.Provisioning;
using Interlook.Engine.Recording;
using Interlook.Engine.Scheduling;
using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Storage;
using Microsoft.Extensions.Logging;

namespace Interlook.Engine;

/// <summary>
/// Turns a key to look at into calls, one after another, until the entry is where it is wished: fold the newest wish, plan, write down
/// what is about to happen, call, take the result. A crash anywhere repeats an idempotent call and loses nothing.
/// </summary>
internal sealed partial class Reconciler(
    Dispatcher dispatcher,
    StepRunner steps,
    EntryRecorder recorder,
    EntryTable table,
    Action<EntrySlot> changed,
    RunContext context)
{
    private readonly ILogger<Reconciler> logger = context.Parts.Loggers.CreateLogger<Reconciler>();
    private readonly FrozenDictionary<string, RoomQueue> waitingForRoom =
        context.Parts.Provisioners.Keys.ToFrozenDictionary(step => step, _ => new RoomQueue());

    private DateTimeOffset Now => context.Time.GetUtcNow();

    /// <summary>One pass over a slot, in the lane of its next step.</summary>
    public async Task PassAsync(EntrySlot slot, StepLane lane)
    {
        slot.BeginPass();
        do
        {
            try
            {
                if (!await WalkAsync(slot, lane))
                    return;
            }
            catch (Exception fault)
            {
                Fail(slot, lane.Step, new StepResult.Failed(Reason.Internal, $"the engine failed over {slot.Entry.Key} ({fault.GetType().Name}: {fault.Message}); please report it", Fault: fault));
            }
        }
        while (!slot.TryRest());
    }

    /// <returns>False when the slot is no longer this pass's: handed over, hung, removed, or Interlook stops.</returns>
    private async Task<bool> WalkAsync(EntrySlot slot, StepLane lane)
    {
        while (!context.Calls.IsCancellationRequested)
        {
            var before = slot.Entry;
            var entry = slot.Fold(Now);
            if (!ReferenceEquals(entry, before))
                changed(slot);
            var next = Planner.Next(entry, slot.Workflow);
            if (IsHeld(slot, entry))
                return true;
            if (next is null)
                return await CloseAsync(slot, entry);
            var home = dispatcher.LaneOf(next);
            if (home != lane)
            {
                slot.HandOver();
                home.Enqueue(slot);
                return false;
            }
            if (!await TakeStepAsync(slot, entry, next.Value, lane))
                return false;
        }
        return false;
    }

    private bool IsHeld(EntrySlot slot, Entry entry) =>
        entry.Failure is not null && slot.HoldUntil > context.Time.GetTimestamp();

    private async Task<bool> TakeStepAsync(EntrySlot slot, Entry entry, PlannedStep step, StepLane lane)
    {
        var begun = entry.Begun(step, slot.Workflow, Now);
        Change(slot, begun);
        if (!EntryRecorder.Covers(slot.Saved, begun) && !await TrySaveAsync(slot, begun))
            return true;
        var room = waitingForRoom.GetValueOrDefault(step.Step)?.Made;
        var began = context.Time.GetTimestamp();
        var result = await steps.RunAsync(begun.Key, step, context.Calls);
        var took = context.Time.GetElapsedTime(began);
        switch (result)
        {
            case StepResult.Acknowledged acknowledged:
                var kind = step.Given is null ? TransitionKind.Undeployed : TransitionKind.Deployed;
                Change(slot, begun.Acknowledged(step, acknowledged.Applied), new Transition(Now, step.Step, kind) { Duration = took });
                Log.StepDone(logger, step.Step, step.Given is null ? "undeployed" : "deployed", begun.Key);
                if (acknowledged.Applied is null || !step.Earlier.Contains(acknowledged.Applied))
                    MakeRoom(step);
                return true;
            case StepResult.Failed failed:
                Fail(slot, step.Step, failed, took, room);
                return true;
            case StepResult.Hung hung:
                Fail(slot, step.Step, new StepResult.Failed(Reason.Timeout, hung.Message), took);
                _ = ResumeAsync(slot, lane, hung.Call);
                return false;
            default:
                return false;
        }
    }

    private async Task<bool> CloseAsync(EntrySlot slot, Entry entry)
    {
        var closed = entry.Closed(Now);
        if (!ReferenceEquals(closed, slot.Saved))
        {
            Change(slot, closed);
            var before = slot.Saved; // with another remark alone nothing has happened
            if (await TrySaveAsync(slot, closed) && (before?.State != closed.State || before.CloseTime != closed.CloseTime))
            {
                var kind = closed.Expected == ExpectedState.Deployed ? TransitionKind.Deployed : TransitionKind.Undeployed;
                Change(slot, closed, new Transition(Now, Transition.Core, kind));
                Log.EntryClosed(logger, closed.Key, closed.State);
            }
            return true;
        }
        return !context.IsOverdue(closed) || !await TryForgetAsync(slot, closed);
    }

    private async Task<bool> TryForgetAsync(EntrySlot slot, Entry closed)
    {
        try
        {
            await recorder.DeleteAsync(slot.Path, slot.Revision);
        }
        catch (StoreException failure)
        {
            Log.NotWritten(logger, closed.Key, failure.Message);
            return false;
        }
        slot.Saved = null;
        slot.Revision = Revision.None;
        if (!table.TryRemove(slot))
            return false;
        slot.MustRecord(); // that it is no more
        changed(slot);
        return true;
    }

    private async Task<bool> TrySaveAsync(EntrySlot slot, Entry entry)
    {
        try
        {
            slot.Revision = await recorder.SaveAsync(slot.Path, entry, slot.Revision);
            slot.Saved = entry;
            return true;
        }
        catch (StoreException failure)
        {
            Log.NotWritten(logger, entry.Key, failure.Message);
            Fail(slot, entry.State, new StepResult.Failed(Reason.Internal, $"nothing is done for {entry.Key}, because its entry cannot be written: {failure.Message}"));
            return false;
        }
    }

    private void Fail(EntrySlot slot, string step, StepResult.Failed failed, TimeSpan? took = null, long? roomBefore = null)
    {
        var entry = slot.Entry.Failed(step, failed.Reason, failed.Message);
        Change(slot, entry, new Transition(Now, step, TransitionKind.Failed) { Reason = failed.Reason, Message = failed.Message, Duration = took });
        var delay = Backoff.OfStep.Delay(entry.Failure!.Attempts, context.Parts.Random);
        if (failed.RetryAfter > delay)
            delay = failed.RetryAfter.Value;
        if (IsForWantOfRoom(entry.Failure) && waitingForRoom.TryGetValue(step, out var queue))
        {
            queue.Join(slot);
            if (roomBefore is not null && queue.Made != roomBefore)
                delay = TimeSpan.Zero; // room was made while the call found none
        }
        if (failed.Fault is not null)
            Log.StepBroke(logger, failed.Fault, step, entry.Key);
        Log.StepFailed(logger, step, entry.Key, failed.Reason, failed.Message, entry.Failure.Attempts, delay.TotalSeconds);
        dispatcher.PokeLater(slot, delay);
    }

    /// <summary>The entry becomes its successor, its history says why, and whoever reads along is told.</summary>
    private void Change(EntrySlot slot, Entry successor, Transition? happened = null)
    {
        slot.Entry = successor;
        if (happened is { } transition)
            slot.Note(transition);
        changed(slot);
    }

    private static bool IsForWantOfRoom(StepFailure failure) => failure.Reason is Reason.Exhausted or Reason.Conflict;

    /// <summary>Something was given back or changed at a step: who waits there for room may have it now.</summary>
    private void MakeRoom(PlannedStep step)
    {
        if (step.Earlier.Count == 0 || !waitingForRoom.TryGetValue(step.Step, out var queue))
            return;
        foreach (var waiting in queue.TakeOldest(waiting => waiting.Entry.Failure is { } failure && failure.Step == step.Step && IsForWantOfRoom(failure)))
            dispatcher.PokeNow(waiting);
    }

    /// <summary>A hung call keeps its service until it ends; then the service goes on.</summary>
    private async Task ResumeAsync(EntrySlot slot, StepLane lane, Task call)
    {
        try
        {
            await call;
        }
        catch (Exception late)
        {
            Log.HungCallEnded(logger, slot.Entry.Key, late.GetType().Name);
        }
        slot.HandOver();
        lane.Enqueue(slot);
    }
}
