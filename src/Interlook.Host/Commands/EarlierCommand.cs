using System.CommandLine;
using Interlook.Extensions;
using Interlook.Extensions.FileStore;
using Interlook.Host.ExternalIp;
using Interlook.Host.Logging;
using Interlook.Host.Running;
using Microsoft.Extensions.Logging;

namespace Interlook.Host.Commands;

/// <summary>A command of the External IP Controller, with its command line.</summary>
/// <typeparam name="T">What its flags set.</typeparam>
/// <param name="names">Its names; the others are the earlier program's. By them its command line is taken out before the others' parser sees it.</param>
/// <param name="summary">What it does.</param>
/// <param name="flagsOf">Its flags.</param>
/// <param name="check">What is wrong with them together.</param>
/// <param name="runAsync">Runs it until it is stopped.</param>
internal sealed class EarlierCommand<T>(
    string[] names,
    string summary,
    Func<T, IReadOnlyList<EarlierFlag>> flagsOf,
    Func<T, IEnumerable<string>> check,
    Func<T, ExtensionContext, CancellationToken, Task> runAsync) : IEarlierCommand
    where T : new()
{
    private static readonly string[] Helps = ["-h", "--help", "-help"];

    /// <inheritdoc/>
    public bool IsCalled(string name) => names.Contains(name);

    /// <inheritdoc/>
    public Command Build() => new(names[0], $"{summary} (see {names[0]} --help).");

    /// <inheritdoc/>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var options = new T();
        var flags = flagsOf(options);
        if (arguments.Any(Helps.Contains))
        {
            await Console.Out.WriteAsync(Usage(flags));
            return ExitCode.Success;
        }
        if (Environment.GetEnvironmentVariable(NaiveFlags.LinkVariable) is { Length: > 0 } link)
            flags.Single(flag => flag.Name == "iface").Take!(link);
        var (problems, ignored) = EarlierFlags.Read(arguments, flags);
        IReadOnlyList<string> all = problems is [] ? [.. check(options)] : problems;
        foreach (var problem in all)
            await SayAsync(problem);
        if (all is not [])
        {
            await Console.Error.WriteLineAsync($"Try 'interlook {names[0]} --help'.");
            return ExitCode.Usage;
        }
        foreach (var flag in ignored)
            await SayAsync($"warning: {flag} steered the earlier program's log and is passed over");
        using var signals = new StopSignals();
        return await RunUntilAsync(options, signals.Token);
    }

    private async Task<int> RunUntilAsync(T options, CancellationToken stopping)
    {
        await using var writer = LogWriter.For("stderr", TimeProvider.System);
        using var loggers = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(LogLevel.Information)
            .AddProvider(new LineLoggers(writer, TimeProvider.System)));
        var context = new ExtensionContext
        {
            Name = names[0],
            Instance = names[0],
            Time = TimeProvider.System,
            Random = Random.Shared,
            Loggers = loggers,
            Stores = new FileRecordStores(new LocalDisk(), loggers),
        };
        try
        {
            await runAsync(options, context, stopping);
            return ExitCode.Success;
        }
        catch (ExtensionException failure)
        {
            throw new CommandFailedException(failure.Message, failure);
        }
    }

    private Task SayAsync(string text) => Console.Error.WriteLineAsync($"interlook {names[0]}: {text}");

    private string Usage(IReadOnlyList<EarlierFlag> flags)
    {
        var lines = flags.Select(flag => ($"  --{flag.Name}{(flag.Value is null ? "" : $" {flag.Value}")}", flag.Description)).ToList();
        var width = lines.Max(line => line.Item1.Length) + 2;
        return string.Concat(
            [
                $"{summary}, until SIGTERM.\n",
                $"Usage: interlook {names[0]} [FLAGS]   (also: {string.Join(", ", names.Skip(1).Select(name => $"interlook {name}"))})\n\n",
                .. lines.Select(line => $"{line.Item1.PadRight(width)}{line.Description}\n"),
            ]);
    }
}
