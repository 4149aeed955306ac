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
        var transitions = new List<TransitionAnswer>();
        foreach (var transition in (history ?? EntryHistory.Empty).Transitions)
            transitions.Add(TransitionAnswer.Of(transition));
        if (UnderWay(entry, engine) is { } now)
            transitions.Add(now);
        return new HistoryAnswer(name, [.. transitions]);
    }

    private static TransitionAnswer? UnderWay(Entry entry, IEngine engine)
    {
        if (entry.WipTime is not { } since)
            return null;
        var steps = engine.Workflows.FirstOrDefault(workflow => workflow.Name == entry.Key.Workflow)?.Steps ?? [];
        var deploys = entry.Expected == ExpectedState.Deployed && steps.AsSpan().Contains(entry.State);
        return new TransitionAnswer(since.UtcDateTime, entry.State, deploys ? "deploying" : "undeploying");
    }
}
