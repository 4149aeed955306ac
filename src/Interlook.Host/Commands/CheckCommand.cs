using System.CommandLine;
using Interlook.Engine;
using Interlook.Host.Configuration;

namespace Interlook.Host.Commands;

/// <summary><c>interlook check --conf FILE</c>: says everything that is wrong with a configuration, and starts nothing.</summary>
internal static class CheckCommand
{
    internal static Command Build()
    {
        var configuration = CommandLine.ConfigurationOption(required: true);
        var command = new Command("check", "Check a configuration without starting anything; exits with 1 when something is wrong.") { configuration };
        command.SetAction((parsed, _) => CheckAsync(parsed.GetRequiredValue(configuration)));
        return command;
    }

    private static async Task<int> CheckAsync(string file)
    {
        var result = ConfigurationReader.Read(file, BuiltInExtensions.Catalog, Environment.GetEnvironmentVariable);
        foreach (var problem in result.Problems)
            await Console.Error.WriteLineAsync(problem);
        if (result.Configuration is not { } good)
            return ExitCode.Failed;
        await Console.Out.WriteLineAsync($"{file} is good: {string.Join("; ", good.Workflows.Select(Shown))}");
        return ExitCode.Success;
    }

    private static string Shown(Workflow workflow) => $"{workflow.Name}: {string.Join(" → ", [workflow.Provider, .. workflow.Steps])}";
}
