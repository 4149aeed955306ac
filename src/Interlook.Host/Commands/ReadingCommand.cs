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
        command.SetAction((parsed, stopping) => ShowAsync(options, parsed, path, table, stopping));
        return command;
    }

    internal static async Task<int> ShowAsync(
        ReadingOptions options, ParseResult parsed, string path, Func<JsonElement, IRenderable> table, CancellationToken stopping)
    {
        using var interlook = options.Connect(parsed);
        var answer = await interlook.ReadAsync(path, stopping);
        if (options.IsJson(parsed))
        {
            await Console.Out.WriteLineAsync(answer.TrimEnd());
            return ExitCode.Success;
        }
        using var document = interlook.Parse(answer);
        Screen.Show(table(document.RootElement));
        return ExitCode.Success;
    }
}
