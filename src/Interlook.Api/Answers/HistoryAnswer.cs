using Interlook.Engine;
using Interlook.Entries;

namespace Interlook.Api.Answers;

/// <summary>What happened to an entry.</summary>
/// <param name="Service">The entry, as GET /services names it.</param>
/// <param name="Transitions">Oldest first; what is under way now stands last.</param>
internal sealed record HistoryAnswer(string Service, TransitionAnswer[] Transitions)
{
    public static HistoryAnswer Of(string name, Entry entry, EntryHistory? history, IEngine engine)
    {
        var transitions = (history ?? EntryHistory.Empty).Transitions.Select(TransitionAnswer.Of);
        return new HistoryAnswer(name, [.. transitions, .. UnderWay(entry, engine)]);
    }

    private static TransitionAnswer[] UnderWay(Entry entry, IEngine engine)
    {
        if (entry.WipTime is not { } since)
            return [];
        var steps = engine.Workflows.FirstOrDefault(workflow => workflow.Name == entry.Key.Workflow)?.Steps ?? [];
        var deploys = entry.Expected == ExpectedState.Deployed && steps.AsSpan().Contains(entry.State);
        return [new TransitionAnswer(since.UtcDateTime, entry.State, deploys ? "deploying" : "undeploying")];
    }
}
