using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Interlook.Host.Commands;

/// <summary><c>interlook orphans</c>: what bears our mark outside and no entry wants; with <c>--remove</c> it is taken back.</summary>
internal static class OrphansCommand
{
    internal static Command Build()
    {
        var options = new ReadingOptions();
        var remove = new Option<bool>("--remove") { Description = "Take them back. Not where two Interlooks share a core.instance: the other's services would go." };
        var command = new Command("orphans", "Show what bears our mark outside and belongs to no entry, as of the last resync.") { remove };
        options.AddTo(command);
        command.SetAction((parsed, stopping) => parsed.GetValue(remove)
            ? RemoveAsync(options, parsed, stopping)
            : ReadingCommand.ShowAsync(options, parsed, "/extensions", Show, stopping));
        return command;
    }

    internal static IRenderable Show(JsonElement extensions)
    {
        var table = Tables.New("STEP", "ORPHAN");
        foreach (var extension in extensions.Items)
        {
            foreach (var orphan in extension.Field("orphans").Items)
                table.AddRow(Tables.Cell(extension.Text("name")), Tables.Cell(orphan.ToString()));
        }
        return table;
    }

    private static async Task<int> RemoveAsync(ReadingOptions options, ParseResult parsed, CancellationToken stopping)
    {
        using var interlook = options.Connect(parsed);
        var answer = await interlook.CommandAsync("/orphans/remove", stopping);
        if (options.IsJson(parsed))
        {
            await Console.Out.WriteLineAsync(answer.TrimEnd());
            return ExitCode.Success;
        }
        using var document = interlook.Parse(answer);
        var services = document.RootElement.Text("services");
        await Console.Out.WriteLineAsync(services == "0" ? "There is nothing to take back." : $"The objects of {(services == "1" ? "1 service" : $"{services} services")} are being taken back; see 'interlook services'.");
        return ExitCode.Success;
    }
}
