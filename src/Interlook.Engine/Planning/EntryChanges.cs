using Interlook.Collections;
using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Services;

namespace Interlook.Engine.Planning;

/// <summary>Every way an entry changes, as a successor of it. Pure.</summary>
internal static class EntryChanges
{
    /// <summary>So many attempts are remembered one by one; those of a step that is down for long are remembered together.</summary>
    private const int MostAttempts = 8;

    /// <summary>The entry of a service that a provider names for the first time.</summary>
    public static Entry Detected(ServiceKey key, Workflow workflow, ServiceDefinition definition, DateTimeOffset now) => new()
    {
        Key = key,
        Desired = definition,
        Expected = ExpectedState.Deployed,
        State = workflow.Provider,
        TimeDetected = now,
        LastUpdate = now,
    };

    /// <summary>Takes the newest wish: a definition, or null once the service was withdrawn. A new wish clears an old failure.</summary>
    /// <returns>The same entry when the wish is what it wants already.</returns>
    public static Entry Wished(this Entry entry, ServiceDefinition? wish, DateTimeOffset now)
    {
        var expected = wish is null ? ExpectedState.Undeployed : ExpectedState.Deployed;
        var definition = wish ?? entry.Desired;
        if (entry.Expected == expected && (ReferenceEquals(entry.Desired, definition) || entry.Desired == definition))
            return entry;
        return entry with
        {
            Desired = definition,
            Expected = expected,
            Failure = null,
            Info = null,
            LastUpdate = now,
            CloseTime = null,
        };
    }

    /// <summary>What a step acknowledged is no longer certain: the step will be called again with the same definition.</summary>
    /// <returns>The same entry when the step acknowledged nothing, or is in doubt already.</returns>
    public static Entry Doubted(this Entry entry, string step, string difference)
    {
        if (entry.Find(step) is not { Acknowledged: { } acknowledged, Attempted.Count: 0 } record)
            return entry;
        return entry with { Steps = entry.StepsWith(record with { Attempted = [acknowledged] }), Info = $"{step}: {difference}" };
    }

    /// <summary>The entry of an orphan: nobody wishes for it, and every step that left something is to take it back.</summary>
    public static Entry Orphaned(ServiceKey key, Workflow workflow, DateTimeOffset now) => new()
    {
        Key = key,
        Desired = new ServiceDefinition { Name = key.Service, Provider = workflow.Provider, Targets = [], DnsNames = [] },
        Expected = ExpectedState.Undeployed,
        State = Entry.Undeployed,
        TimeDetected = now,
        LastUpdate = now,
    };

    /// <summary>A step has left something outside that nobody remembers: what bears our mark there is to be taken back, or taken over.</summary>
    /// <returns>The same entry when the step has run.</returns>
    public static Entry Traced(this Entry entry, string step, Workflow workflow) => entry.Find(step) is not null
        ? entry
        : entry with { Steps = entry.StepsWith(new StepRecord(step, null, null, []), workflow), CloseTime = null };

    /// <summary>Has another remark for people; null for none.</summary>
    /// <returns>The same entry when it has that remark.</returns>
    public static Entry Remarked(this Entry entry, string? remark) => entry.Info == remark ? entry : entry with { Info = remark };

    /// <summary>A call is about to be made: from here on it may have left something outside.</summary>
    public static Entry Begun(this Entry entry, PlannedStep step, Workflow workflow, DateTimeOffset now)
    {
        var record = entry.Find(step.Step) ?? new StepRecord(step.Step, null, null, []);
        var attempted = step.Given is null ? step.Earlier : Including(record.Attempted, step.Given);
        return entry with
        {
            Steps = entry.StepsWith(record with { Attempted = attempted }, workflow),
            State = step.Step,
            WipTime = now,
            CloseTime = null,
        };
    }

    /// <summary>The call was acknowledged.</summary>
    /// <param name="entry">The entry the call began with.</param>
    /// <param name="step">The call.</param>
    /// <param name="applied">Deploy: what the step returned. Undeploy: null.</param>
    public static Entry Acknowledged(this Entry entry, PlannedStep step, ServiceDefinition? applied)
    {
        return entry with
        {
            Steps = applied is null
                ? entry.Steps.Where(record => record.Step != step.Step).ToEquatableArray()
                : entry.StepsWith(new StepRecord(step.Step, step.Given, applied == step.Given ? step.Given : applied, [])),
            WipTime = null,
            Failure = entry.Failure?.Step == step.Step ? null : entry.Failure,
        };
    }

    /// <summary>The call failed, or its outcome is unknown.</summary>
    public static Entry Failed(this Entry entry, string step, Reason reason, string message) => entry with
    {
        WipTime = null,
        Failure = new StepFailure(step, reason, message, entry.Failure?.Step == step ? entry.Failure.Attempts + 1 : 1),
    };

    /// <summary>Nothing is left to do.</summary>
    /// <returns>The same entry when it was closed already.</returns>
    public static Entry Closed(this Entry entry, DateTimeOffset now)
    {
        var state = entry.Expected == ExpectedState.Deployed ? Entry.Deployed : Entry.Undeployed;
        return entry.State == state && entry.CloseTime is not null && entry.Failure is null
            ? entry
            : entry with { State = state, CloseTime = now, WipTime = null, Failure = null, Info = null };
    }

    private static EquatableArray<ServiceDefinition> Including(EquatableArray<ServiceDefinition> attempted, ServiceDefinition given)
    {
        foreach (var earlier in attempted)
        {
            if (ReferenceEquals(earlier, given) || earlier == given)
                return attempted;
        }
        if (attempted.Count < MostAttempts)
            return [.. attempted, given];
        for (var i = attempted.Count - 1; i >= 0; i--)
        {
            if (attempted[i].Tls == given.Tls && Equals(attempted[i].PublicIp, given.PublicIp))
                return attempted.SetItem(i, Union(attempted[i], given));
        }
        return [.. attempted, given];
    }

    // Whatever either may have left outside; weights leave nothing.
    private static ServiceDefinition Union(ServiceDefinition one, ServiceDefinition other) => one with
    {
        DnsNames = [.. one.DnsNames, .. other.DnsNames],
        Targets = one.Targets.Concat(other.Targets).Select(target => target with { Weight = 1 }).Distinct().ToEquatableArray(),
    };

    /// <summary>The records with one replaced, or added at its place in the workflow.</summary>
    private static EquatableArray<StepRecord> StepsWith(this Entry entry, StepRecord record, Workflow? workflow = null)
    {
        var steps = entry.Steps;
        for (var at = 0; at < steps.Count; at++)
        {
            if (steps[at].Step == record.Step)
                return steps.SetItem(at, record);
        }
        var place = Place(workflow, record.Step);
        var before = 0;
        while (before < steps.Count && Place(workflow, steps[before].Step) <= place)
            before++;
        return steps.Insert(before, record);
    }

    // Steps that the workflow no longer has come last, so that undeploying takes them first.
    private static int Place(Workflow? workflow, string step)
    {
        var at = workflow is null ? -1 : workflow.Steps.AsSpan().IndexOf(step);
        return at < 0 ? int.MaxValue : at;
    }
}
