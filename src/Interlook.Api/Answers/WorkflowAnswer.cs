using Interlook.Engine;
using Interlook.Entries;

namespace Interlook.Api.Answers;

/// <summary>A workflow.</summary>
/// <param name="Name">Its name; <c>default</c> for the one of <c>core.workflow</c>.</param>
/// <param name="Provider">Where its services come from.</param>
/// <param name="Steps">Its provisioners in deploy order.</param>
/// <param name="States">Every state an entry of it can be in, in deploy order.</param>
internal sealed record WorkflowAnswer(string Name, string Provider, string[] Steps, string[] States)
{
    public static WorkflowAnswer Of(Workflow workflow) => new(
        workflow.Name,
        workflow.Provider,
        [.. workflow.Steps],
        [Entry.Undeployed, workflow.Provider, .. workflow.Steps, Entry.Deployed]);
}
