using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Interlook.Host.Commands;

/// <summary><c>interlook workflow</c>: the workflows and their steps.</summary>
internal static class WorkflowCommand
{
    internal static Command Build() => ReadingCommand.Build("workflow", "Show the workflows and their steps.", "/workflow", Show);

    internal static IRenderable Show(JsonElement workflows)
    {
        var table = Tables.New("WORKFLOW", "STEPS");
        foreach (var workflow in workflows.Items)
        {
            var steps = workflow.Field("steps").Items.Select(step => step.ToString());
            table.AddRow(Tables.Cell(workflow.Text("name")), Tables.Cell(string.Join(" → ", [workflow.Text("provider"), .. steps])));
        }
        return table;
    }
}
