using System.CommandLine;
using System.Runtime.InteropServices;
using Interlook.Host.Configuration;
using Interlook.Host.Logging;
using Interlook.Host.Running;
using Microsoft.Extensions.Logging;

namespace Interlook.Host.Commands;

/// <summary><c>interlook run --conf FILE</c>: the daemon itself.</summary>
internal static class RunCommand
{
    internal static Command Build()
    {
        var configuration = CommandLine.ConfigurationOption(required: true);
        var command = new Command("run", "Run until SIGTERM or SIGINT.") { configuration };
        command.SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(configuration)));
        return command;
    }

    internal static async Task<int> RunAsync(string file)
    {
        using var signals = new StopSignals();
        return await RunUntilAsync(file, signals.Token);
    }

    /// <summary>Runs until the token is cancelled.</summary>
    internal static async Task<int> RunUntilAsync(string file, CancellationToken stopping)
    {
        var result = ConfigurationReader.Read(file, BuiltInExtensions.Catalog, Environment.GetEnvironmentVariable);
        foreach (var problem in result.Problems)
            await Console.Error.WriteLineAsync(problem);
        if (result.Configuration is not { } configuration)
            return ExitCode.Failed;

        await using var writer = OpenLog(configuration.Core.LogFile);
        using var rotation = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            writer.Reopen();
        });
        using var loggers = Loggers(configuration.Core.LogLevel, writer);
        return await new Daemon(configuration, BuiltInExtensions.Catalog, loggers, TimeProvider.System).RunAsync(stopping);
    }

    private static LogWriter OpenLog(string target)
    {
        try
        {
            return LogWriter.For(target, TimeProvider.System);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var cause = Directory.Exists(target) ? "it is a folder: name a file in it" : $"{failure.Message.TrimEnd('.')}: make its folder, or name another file";
            throw new CommandFailedException($"core.logFile {target} cannot be opened: {cause}", failure);
        }
    }

    private static ILoggerFactory Loggers(LogLevel level, LogWriter writer) => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(level)
        .AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning)
        .AddFilter("System", level > LogLevel.Warning ? level : LogLevel.Warning)
        .AddProvider(new LineLoggers(writer, TimeProvider.System)));
}
