using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Interlook.Host.HighHock;

namespace Interlook.Host.Commands;

/// <summary><c>interlook highhock</c>: HighHock's command line and configuration, and the ordinary daemon behind them.</summary>
internal static class HighHockCommand
{
    /// <summary>Its name, by which its command line is taken out before the others' parser sees it.</summary>
    internal const string Name = "highhock";

    /// <summary>For the list of commands only: <see cref="RunAsync"/> reads the flags.</summary>
    internal static Command Build() => new(Name, "Run as HighHock did, with its flags and its /etc/highhock.json (see highhock --help).");

    internal static async Task<int> RunAsync(IReadOnlyList<string> flags)
    {
        var arguments = HighHockArguments.Read(flags);
        if (arguments.WantsHelp)
        {
            await Console.Out.WriteAsync(HighHockUsage.Text());
            return ExitCode.Success;
        }
        var values = new HighHockValues();
        var warnings = new List<string>();
        var faults = new List<string>();
        HighHockFile.Read(arguments.File ?? HighHockFile.Usual, values, warnings, faults);
        arguments.Apply(values, warnings);
        foreach (var warning in warnings)
            await SayAsync($"warning: {warning}");
        foreach (var problem in arguments.Problems.Concat(faults))
            await SayAsync(problem);
        if (arguments.Problems.Count > 0)
        {
            await Console.Error.WriteLineAsync("Try 'interlook highhock --help'.");
            return ExitCode.Usage;
        }
        if (faults.Count > 0)
            return ExitCode.Failed;
        var port = values.ApiPort;
        if (arguments.PrintsConfiguration)
        {
            await Console.Out.WriteAsync(HighHockConfiguration.Write(values, port ?? HighHockSettings.UsualApiPort, entries: null));
            return ExitCode.Success;
        }
        using var folder = new HighHockFolder();
        await File.WriteAllTextAsync(folder.Configuration, HighHockConfiguration.Write(values, port ?? await FreePortAsync(), folder.Entries));
        return await RunCommand.RunAsync(folder.Configuration);
    }

    /// <summary>HighHock listened on nothing: its users have planned no port for us, and none that is taken may keep us from starting.</summary>
    private static async Task<int> FreePortAsync()
    {
        if (TryListen(HighHockSettings.UsualApiPort) is { } usual)
            return usual;
        var free = TryListen(0) ?? throw new CommandFailedException("no port of 127.0.0.1 is free for the API: name one with --api-port");
        await SayAsync(string.Create(CultureInfo.InvariantCulture, $"warning: port {HighHockSettings.UsualApiPort} is taken: the API listens on 127.0.0.1:{free}"));
        return free;
    }

    private static int? TryListen(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static Task SayAsync(string text) => Console.Error.WriteLineAsync($"interlook {Name}: {text}");
}
