using Interlook.Engine.Planning;
using Interlook.Entries;
using Interlook.Services;

namespace Interlook.Engine.Previewing;

/// <summary>Plays an entry's way to its end with the engine's own planner, as if every step succeeded. Pure.</summary>
internal static class Foresight
{
    /// <summary>The calls an entry has before it.</summary>
    /// <param name="entry">The entry, with its newest wish.</param>
    /// <param name="workflow">Its workflow.</param>
    /// <param name="drifts">What differs outside from what was acknowledged: step and difference.</param>
    public static IEnumerable<PreviewedStep> Of(Entry entry, Workflow workflow, IReadOnlyDictionary<string, string> drifts)
    {
        var current = drifts.Aggregate(entry, (doubted, drift) => doubted.Doubted(drift.Key, drift.Value));
        while (Planner.Next(current, workflow) is { } step)
        {
            yield return Describe(current, step, workflow, drifts);
            current = current.Begun(step, workflow, entry.LastUpdate).Acknowledged(step, Predict(current.Find(step.Step), step.Given));
        }
    }

    private static PreviewedStep Describe(Entry entry, PlannedStep step, Workflow workflow, IReadOnlyDictionary<string, string> drifts)
    {
        if (step.Given is not { } given)
        {
            var reason = entry.Expected == ExpectedState.Deployed && !workflow.Steps.Contains(step.Step) ? "the workflow has this step no more" : "the service is withdrawn";
            return new(entry.Key, step.Step, PreviewAction.Remove, reason);
        }
        if (entry.Find(step.Step) is not { Earlier.Count: > 0 } record)
            return new(entry.Key, step.Step, PreviewAction.Create, Shown(given));
        var difference = record.Given is null ? "" : DefinitionDifference.Describe(record.Given, given);
        var why = (difference, drifts.GetValueOrDefault(step.Step)) switch
        {
            ("", null) => "what became of the last attempt is not known",
            ("", var drift) => drift,
            (var change, null) => change,
            var (change, drift) => $"{change}; {drift}",
        };
        return new(entry.Key, step.Step, PreviewAction.Change, why);
    }

    /// <summary>What a step would answer: an address step keeps the address it chose.</summary>
    private static ServiceDefinition? Predict(StepRecord? record, ServiceDefinition? given) =>
        given is { PublicIp: null } && record?.Acknowledged?.PublicIp is { } chosen ? given with { PublicIp = chosen } : given;

    private static string Shown(ServiceDefinition definition) => string.Join(
        ", ",
        [
            .. definition.DnsNames,
            .. definition.PublicIp is { } address ? [$"address {address}"] : (string[])[],
            definition.Targets.Count == 1 ? "1 target" : $"{definition.Targets.Count} targets",
        ]);
}
