using System.CommandLine;
using System.Text.Json;
using Interlook.Host.Running;
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
            await WatchAsync(interlook, path, options.IsJson(parsed), table);
        else if (options.IsJson(parsed))
            await Console.Out.WriteLineAsync((await interlook.ReadAsync(path, stopping)).TrimEnd());
        else
            Screen.Show(Render(interlook, await interlook.ReadAsync(path, stopping), asJson: false, table));
        return ExitCode.Success;
    }

    private static async Task WatchAsync(RunningInterlook interlook, string path, bool asJson, Func<JsonElement, IRenderable> table)
    {
        // An interrupt ends the watch, not the process: the terminal is put back as it was.
        using var signals = new StopSignals();
        await Screen.WatchAsync(async token => Render(interlook, await interlook.ReadAsync(path, token), asJson, table), TimeProvider.System, signals.Token);
    }

    private static IRenderable Render(RunningInterlook interlook, string answer, bool asJson, Func<JsonElement, IRenderable> table)
    {
        if (asJson)
            return new Spectre.Console.Text(answer.TrimEnd());
        using var document = interlook.Parse(answer);
        return table(document.RootElement);
    }
}
