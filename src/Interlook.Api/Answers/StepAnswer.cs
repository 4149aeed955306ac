using Interlook.Engine;
using Interlook.Entries;
using Interlook.Services;

namespace Interlook.Api.Answers;

/// <summary>How far one step of an entry's workflow is.</summary>
/// <param name="Step">The step's name.</param>
/// <param name="State">
/// <c>done</c>: it is as the expected state wants it; <c>working</c>: a call is under way; <c>failed</c>: the last call failed;
/// <c>waiting</c>: its turn has not come.
/// </param>
internal sealed record StepAnswer(string Step, string State)
{
    private const string Done = "done";
    private const string Working = "working";
    private const string Waiting = "waiting";
    private const string Failed = "failed";

    /// <summary>The chain of an entry: its workflow's steps in deploy order, then steps that the workflow lost and that must be taken back.</summary>
    public static StepAnswer[] Of(Entry entry, IEngine engine)
    {
        var steps = engine.Workflows.FirstOrDefault(workflow => workflow.Name == entry.Key.Workflow)?.Steps ?? [];
        var chain = new List<StepAnswer>(steps.Count + 1);
        var deploys = entry.Expected == ExpectedState.Deployed;
        var given = deploys ? entry.Desired : null;
        foreach (var step in steps)
        {
            var record = entry.Find(step);
            var isDone = deploys ? given is not null && IsApplied(record, given) : record is null;
            chain.Add(new StepAnswer(step, StateOf(entry, step, isDone)));
            given = isDone ? record?.Acknowledged : null;
        }
        foreach (var record in entry.Steps)
        {
            if (!steps.AsSpan().Contains(record.Step))
                chain.Add(new StepAnswer(record.Step, StateOf(entry, record.Step, isDone: false)));
        }
        return [.. chain];
    }

    private static bool IsApplied(StepRecord? record, ServiceDefinition given) =>
        record is { Acknowledged: not null, Attempted.Count: 0 } && (ReferenceEquals(record.Given, given) || record.Given == given);

    private static string StateOf(Entry entry, string step, bool isDone) => step switch
    {
        _ when entry.WorkInProgress && entry.State == step => Working,
        _ when entry.Failure?.Step == step => Failed,
        _ => isDone ? Done : Waiting,
    };
}
