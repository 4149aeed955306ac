using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.EndToEnd.Tests.BadInput;

/// <summary>The built <c>interlook</c>, run as a child process in a folder of its own.</summary>
internal sealed class Executable : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient api = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly Process process;
    private readonly Task<string> errors;

    private Executable(Process process, int port, string log)
    {
        this.process = process;
        Log = log;
        api.BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.BaseStream.CopyToAsync(Stream.Null).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    /// <summary>Its log's file.</summary>
    internal string Log { get; }

    /// <summary>True while it runs.</summary>
    internal bool IsRunning => !process.HasExited;

    /// <summary>Runs a command to its end.</summary>
    internal static async Task<(int Code, string Output, string Error)> RunAsync(string folder, params IEnumerable<string> arguments)
    {
        using var process = Start(folder, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Writes a configuration and starts the daemon with it.</summary>
    /// <param name="folder">Where it works; messages name files relative to it.</param>
    /// <param name="configuration">The configuration; <c>{port}</c> stands for the API's.</param>
    internal static Executable Start(string folder, string configuration)
    {
        var port = TestMachine.FreePort();
        File.WriteAllText(Path.Combine(folder, "interlook.yml"), configuration.Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        return new Executable(Start(folder, (string[])["run", "--conf", "interlook.yml"]), port, Path.Combine(folder, "log"));
    }

    /// <summary>Waits for a start that fails.</summary>
    /// <returns>What it wrote to standard error; null when it did not end, but is ready.</returns>
    internal async Task<string?> RefusalAsync()
    {
        var ready = false;
        await Eventually.TrueAsync("Interlook ends or is ready", async () => !IsRunning || (ready = (await TryGetAsync("/ready"))?.Status == HttpStatusCode.OK), Patience);
        if (ready)
            return null;
        await process.WaitForExitAsync();
        Assert.Equal(1, process.ExitCode);
        return await errors;
    }

    /// <summary>Reads a resource; null when nothing answers.</summary>
    internal async Task<(HttpStatusCode Status, JsonNode Body)?> TryGetAsync(string path)
    {
        try
        {
            using var answer = await api.GetAsync(new Uri(path, UriKind.Relative));
            return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Sends a changing call.</summary>
    internal async Task<(HttpStatusCode Status, string Body)> PostAsync(string path)
    {
        using var answer = await api.PostAsync(new Uri(path, UriKind.Relative), null);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The entries by name.</summary>
    internal async Task<Dictionary<string, JsonNode>> EntriesAsync() =>
        (await TryGetAsync("/services"))?.Body.AsObject().ToDictionary(entry => entry.Key, entry => entry.Value!) ?? [];

    /// <summary>What cannot be published, by subject.</summary>
    internal async Task<Dictionary<string, string>> RejectionsAsync() =>
        (await TryGetAsync("/providers"))!.Value.Body.AsArray()[0]!["rejections"]!.AsArray()
            .GroupBy(rejection => (string)rejection!["subject"]!, rejection => (string)rejection!["problem"]!)
            .ToDictionary(rejections => rejections.Key, rejections => string.Join('\n', rejections));

    /// <summary>Waits until as many entries are deployed.</summary>
    internal Task DeployedAsync(int count) => Eventually.TrueAsync(
        $"{count} services are deployed",
        async () => IsRunning
            ? (await EntriesAsync()).Values.Count(entry => (string)entry["state"]! == "deployed") == count
            : throw new InvalidOperationException($"Interlook ended: {await errors}"),
        Patience);

    /// <summary>The name and address of each deployed service.</summary>
    internal async Task<IReadOnlyList<string>> AddressesAsync() =>
        [.. (await EntriesAsync())
            .Where(entry => (string)entry.Value["state"]! == "deployed")
            .Select(entry => $"{entry.Key} {entry.Value["service"]!["public_ip"]}")
            .Order(StringComparer.Ordinal)];

    /// <summary>The warnings and errors of its log, without time and source.</summary>
    internal IReadOnlyList<string> Warnings() => !File.Exists(Log)
        ? []
        : [.. File.ReadLines(Log).Where(line => line.Contains(" WARN  ", StringComparison.Ordinal) || line.Contains(" ERROR ", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..])];

    /// <summary>Ends it as kill -9 does.</summary>
    internal async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Ends it in good order.</summary>
    internal async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-s", "TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        api.Dispose();
    }

    private static Process Start(string folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(InterlookDaemon.Program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        // The executable finds the runtime by this variable where it is not in a usual place: it is the one these tests run on.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));
        start.Environment["NO_COLOR"] = "1";
        return Process.Start(start)!;
    }
}
