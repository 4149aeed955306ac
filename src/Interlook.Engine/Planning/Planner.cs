using Interlook.Collections;
using Interlook.Entries;

namespace Interlook.Engine.Planning;

/// <summary>
/// Compares what an entry wants with what its steps acknowledged, and gives the one next call. Pure: no I/O, no clock, no memory.
/// </summary>
/// <remarks>
/// Deploying walks the workflow forwards. Each step is given what the step before it returned; a step is due when it acknowledged nothing,
/// was last given something else, or has an attempt of unknown outcome:
/// <code>
///   desired ─► ipam.ipalloc ─► dns.consul ─► lb.haproxy
///       given = desired   given = ipam's answer   given = dns's answer
/// </code>
/// Then come steps that ran once and that the workflow no longer has. Undeploying walks the steps that ran backwards.
/// </remarks>
internal static class Planner
{
    /// <summary>The next call for an entry.</summary>
    /// <returns>Null when nothing is left to do: the entry is deployed or undeployed.</returns>
    public static PlannedStep? Next(Entry entry, Workflow workflow) => entry.Expected switch
    {
        ExpectedState.Deployed => NextDeploy(entry, workflow) ?? UndeployLast(entry, keep: workflow.Steps),
        _ => UndeployLast(entry, keep: []),
    };

    private static PlannedStep? NextDeploy(Entry entry, Workflow workflow)
    {
        var given = entry.Desired;
        foreach (var step in workflow.Steps)
        {
            if (entry.Find(step) is not { Acknowledged: { } acknowledged, Attempted.Count: 0 } record
                || (!ReferenceEquals(record.Given, given) && record.Given != given))
                return new PlannedStep(step, given, entry.Find(step)?.Earlier ?? []);
            given = acknowledged;
        }
        return null;
    }

    private static PlannedStep? UndeployLast(Entry entry, EquatableArray<string> keep)
    {
        for (var i = entry.Steps.Count - 1; i >= 0; i--)
        {
            var record = entry.Steps[i];
            if (!keep.AsSpan().Contains(record.Step))
                return new PlannedStep(record.Step, null, record.Earlier);
        }
        return null;
    }
}
