using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Interlook.Host.Commands;

/// <summary><c>interlook history NAME</c>: what happened to a service.</summary>
internal static class HistoryCommand
{
    internal static Command Build()
    {
        var options = new ReadingOptions();
        var name = new Argument<string>("NAME") { Description = "The service, or WORKFLOW/SERVICE." };
        var command = new Command("history", "Show what happened to a service, oldest first.") { name };
        options.AddTo(command);
        command.SetAction((parsed, stopping) => ReadingCommand.ShowAsync(
            options, parsed, $"/services/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}/history", Show, stopping));
        return command;
    }

    internal static IRenderable Show(JsonElement history)
    {
        var table = Tables.New("TIME", "WHO", "WHAT", "TOOK", "REMARK");
        foreach (var transition in history.Field("transitions").Items)
        {
            var action = transition.Text("action");
            table.AddRow(
                Tables.Cell(transition.Time("time")),
                Tables.Cell(transition.Text("step")),
                Tables.Cell(action, StyleOf(action)),
                Tables.Cell(Took(transition)),
                Tables.Cell(Remark(transition)));
        }
        return table;
    }

    private static Style? StyleOf(string action) => action switch
    {
        "failed" => Tables.Bad,
        "drifted" or "deploying" or "undeploying" => Tables.Waiting,
        "deployed" => Tables.Good,
        _ => null,
    };

    private static string Took(JsonElement transition) => transition.Field("duration_ms") is { ValueKind: JsonValueKind.Number } number
        ? number.GetInt64() switch
        {
            < 1_000 and var milliseconds => $"{milliseconds} ms",
            var milliseconds => $"{(milliseconds / 1000.0).ToString("0.0", CultureInfo.InvariantCulture)} s",
        }
        : "";

    private static string Remark(JsonElement transition)
    {
        var often = transition.Text("attempts") is { Length: > 0 } attempts ? $"{attempts} times, last {transition.Time("last_time")}" : "";
        return string.Join(": ", new[] { often, transition.Text("reason"), transition.Text("error") }.Where(part => part.Length > 0));
    }
}
