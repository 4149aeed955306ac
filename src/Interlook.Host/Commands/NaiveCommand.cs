using System.CommandLine;
using Interlook.Extensions;
using Interlook.Extensions.ExternalIp.Naive;
using Interlook.Extensions.FileStore;
using Interlook.Host.ExternalIp;
using Interlook.Host.Logging;
using Interlook.Host.Running;
using Microsoft.Extensions.Logging;

namespace Interlook.Host.Commands;

/// <summary><c>interlook naive</c>: the External IP Controller's simple mode, with its command line.</summary>
internal static class NaiveCommand
{
    /// <summary>
    /// Its names; the others are the earlier program's. By them its command line is taken out before the others' parser sees it.
    /// </summary>
    internal static readonly string[] Names = ["naive", "naivecontroller", "n"];

    private static readonly string[] Helps = ["-h", "--help", "-help"];

    /// <summary>For the list of commands only: <see cref="RunAsync"/> reads the flags.</summary>
    internal static Command Build() =>
        new(Names[0], "Put the external IPs of Kubernetes' Services on an interface of this machine (see naive --help).");

    internal static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var options = new NaiveOptions();
        if (Environment.GetEnvironmentVariable(NaiveFlags.LinkVariable) is { Length: > 0 } link)
            options.Link = link;
        var flags = NaiveFlags.Of(options);
        if (arguments.Any(Helps.Contains))
        {
            await Console.Out.WriteAsync(Usage(flags));
            return ExitCode.Success;
        }
        var (problems, ignored) = EarlierFlags.Read(arguments, flags);
        foreach (var problem in problems)
            await Console.Error.WriteLineAsync($"interlook naive: {problem}");
        if (problems.Count > 0)
        {
            await Console.Error.WriteLineAsync("Try 'interlook naive --help'.");
            return ExitCode.Usage;
        }
        foreach (var flag in ignored)
            await Console.Error.WriteLineAsync($"interlook naive: warning: {flag} steered the earlier program's log and is passed over");
        using var signals = new StopSignals();
        return await RunUntilAsync(options, signals.Token);
    }

    private static async Task<int> RunUntilAsync(NaiveOptions options, CancellationToken stopping)
    {
        await using var writer = LogWriter.For("stderr", TimeProvider.System);
        using var loggers = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(LogLevel.Information)
            .AddProvider(new LineLoggers(writer, TimeProvider.System)));
        var context = new ExtensionContext
        {
            Name = Names[0],
            Instance = Names[0],
            Time = TimeProvider.System,
            Random = Random.Shared,
            Loggers = loggers,
            Stores = new FileRecordStores(new LocalDisk(), loggers),
        };
        try
        {
            await NaiveMode.RunAsync(options, context, stopping);
            return ExitCode.Success;
        }
        catch (ExtensionException failure)
        {
            throw new CommandFailedException(failure.Message, failure);
        }
    }

    private static string Usage(IReadOnlyList<EarlierFlag> flags)
    {
        var lines = flags.Select(flag => ($"  --{flag.Name}{(flag.Value is null ? "" : $" {flag.Value}")}", flag.Description)).ToList();
        var width = lines.Max(line => line.Item1.Length) + 2;
        return string.Concat(
            [
                "Puts the external IPs of Kubernetes' Services on an interface of this machine, until SIGTERM.\n",
                "Usage: interlook naive [FLAGS]   (also: interlook naivecontroller, interlook n)\n\n",
                .. lines.Select(line => $"{line.Item1.PadRight(width)}{line.Description}\n"),
            ]);
    }
}
