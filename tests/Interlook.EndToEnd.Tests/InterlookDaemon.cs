using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Interlook.Fixtures;

namespace Interlook.EndToEnd.Tests;

/// <summary>The built executable, running as <c>interlook run --conf FILE</c>, and its API.</summary>
internal sealed class InterlookDaemon : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    // The executable finds the runtime by this variable where it is not in a usual place: it is the one these tests run on.
    internal static readonly IReadOnlyDictionary<string, string> Variables = new Dictionary<string, string>
    {
        ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../..")),
        ["NO_COLOR"] = "1",
    };

    private readonly HttpClient api;
    private readonly ServerProcess process;

    private InterlookDaemon(ServerProcess process, int port)
    {
        this.process = process;
        Url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        api = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>The program.</summary>
    internal static string Program => Environment.GetEnvironmentVariable("INTERLOOK_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "interlook");

    /// <summary>Where its API is.</summary>
    internal Uri Url { get; }

    /// <summary>What it logged.</summary>
    internal string Log => process.Output;

    /// <summary>True while it runs.</summary>
    internal bool IsRunning => process.IsRunning;

    /// <summary>Starts it and does not wait.</summary>
    /// <param name="configuration">Its configuration.</param>
    /// <param name="port">Where the configuration puts the API.</param>
    /// <param name="folder">Its working folder.</param>
    /// <param name="environment">Variables besides those that it needs.</param>
    internal static InterlookDaemon Start(string configuration, int port, string folder, IReadOnlyDictionary<string, string>? environment = null) =>
        new(ServerProcess.Start(Program, ["run", "--conf", configuration], folder, Variables.Concat(environment ?? new Dictionary<string, string>()).ToDictionary()), port);

    /// <summary>Runs another command of the same program against this one.</summary>
    internal async Task<Outcome> RunAsync(params string[] arguments)
    {
        var start = new System.Diagnostics.ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        start.Environment["INTERLOOK_URL"] = Url.ToString();
        start.Environment["COLUMNS"] = "200";
        using var command = System.Diagnostics.Process.Start(start)!;
        var output = command.StandardOutput.ReadToEndAsync();
        var error = command.StandardError.ReadToEndAsync();
        await command.WaitForExitAsync();
        return new Outcome(command.ExitCode, await output, await error);
    }

    /// <summary>Waits until every provider has delivered its first snapshot.</summary>
    internal Task ReadyAsync() => Eventually.TrueAsync(
        "Interlook is ready",
        async () => process.IsRunning
            ? (await GetAsync("/ready")).Status == HttpStatusCode.OK
            : throw new InvalidOperationException($"Interlook ended: {Log}"),
        Patience);

    /// <summary>Reads a resource of the API.</summary>
    internal async Task<(HttpStatusCode Status, JsonNode Body)> GetAsync(string path)
    {
        using var answer = await api.GetAsync(new Uri(path, UriKind.Relative));
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    /// <summary>Reads a resource as text.</summary>
    internal Task<string> ReadAsync(string path) => api.GetStringAsync(new Uri(path, UriKind.Relative));

    /// <summary>The entries that ought to be there: whatever is not undeployed.</summary>
    internal async Task<Dictionary<string, ShownEntry>> EntriesAsync() =>
        (await GetAsync("/services")).Body.AsObject()
            .Select(member => (member.Key, Entry: ShownEntry.Of(member.Value!)))
            .Where(member => member.Entry.State != "undeployed")
            .ToDictionary(member => member.Key, member => member.Entry);

    /// <summary>What GET /health says of an extension: null while it is connected.</summary>
    internal async Task<(string Reason, string Message)?> FailureAsync(string extension)
    {
        var (status, health) = await GetAsync("/health");
        var shown = health["extensions"]!.AsArray().Single(one => (string?)one!["name"] == extension)!;
        if ((bool)shown["connected"]!)
            return null;
        return status == HttpStatusCode.ServiceUnavailable
            ? ((string)shown["reason"]!, (string)shown["message"]!)
            : throw new InvalidOperationException($"an extension is not connected, and GET /health answers {status}");
    }

    /// <summary>Sends a signal.</summary>
    internal Task SignalAsync(string signal) => process.SignalAsync(signal);

    /// <summary>Ends it as the kernel would.</summary>
    internal async Task KillAsync()
    {
        await process.SignalAsync("KILL");
        await process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Ends it as an operator would.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="OperationCanceledException">It did not end within the ten seconds that are promised.</exception>
    internal async Task<int> StopAsync()
    {
        using var promised = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
        await process.SignalAsync("TERM");
        return await process.WaitForExitAsync(promised.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        api.Dispose();
    }

    /// <summary>How a command ended.</summary>
    internal sealed record Outcome(int ExitCode, string Output, string Error);
}
