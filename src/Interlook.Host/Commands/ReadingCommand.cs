using System.CommandLine;
using System.Text.Json;
using Spectre.Console.Rendering;

namespace Interlook.Host.Commands;

/// <summary>What all commands share that ask a running Interlook and show its answer.</summary>
internal static class ReadingCommand
{
    /// <summary>A command that shows one resource of the API.</summary>
    internal static Command Build(string name, string description, string path, Func<JsonElement, IRenderable> table)
    {
        var options = new ReadingOptions();
        var command = new Command(name, description);
        options.AddTo(command);
        command.SetAction((parsed, stopping) => ShowAsync(options, parsed, path, table, watch: false, stopping));
        return command;
    }

    internal static async Task<int> ShowAsync(
        ReadingOptions options, ParseResult parsed, string path, Func<JsonElement, IRenderable> table, bool watch, CancellationToken stopping)
    {
        using var interlook = options.Connect(parsed);
        if (watch)
            await Screen.WatchAsync(async token => Render(interlook, await interlook.ReadAsync(path, token), options.IsJson(parsed), table), TimeProvider.System, stopping);
        else if (options.IsJson(parsed))
            await Console.Out.WriteLineAsync((await interlook.ReadAsync(path, stopping)).TrimEnd());
        else
            Screen.Show(Render(interlook, await interlook.ReadAsync(path, stopping), asJson: false, table));
        return ExitCode.Success;
    }

    private static IRenderable Render(RunningInterlook interlook, string answer, bool asJson, Func<JsonElement, IRenderable> table)
    {
        if (asJson)
            return new Spectre.Console.Text(answer.TrimEnd());
        using var document = interlook.Parse(answer);
        return table(document.RootElement);
    }
}
