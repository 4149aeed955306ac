using System.Globalization;
using System.Net;
using Interlook.Fixtures;

namespace Interlook.Bench.Process;

/// <summary>The executable as a process of its own, in a folder of its own.</summary>
internal sealed class InterlookProcess : IAsyncDisposable
{
    private readonly ServerProcess process;
    private readonly HttpClient api;

    private InterlookProcess(ServerProcess process, int port)
    {
        this.process = process;
        api = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <summary>CPU time used so far, user and system (proc_pid_stat(5), fields 14 and 15, in hundredths of a second).</summary>
    public TimeSpan CpuTime
    {
        get
        {
            var fields = File.ReadAllText($"/proc/{process.Id}/stat").Split(") ")[1].Split(' ');
            return TimeSpan.FromMilliseconds(10 * (Number(fields[11]) + Number(fields[12])));
        }
    }

    /// <summary>Resident memory in MB of 10^6 bytes (proc_pid_status(5), VmRSS).</summary>
    public double ResidentMegabytes => Status("VmRSS:");

    /// <summary>The part of it that no other process could share: without the pages of program files; compiled code counts as RssShmem.</summary>
    public double PrivateMegabytes => Status("RssAnon:") + Status("RssShmem:");

    /// <summary>Writes a configuration and starts the executable with it.</summary>
    /// <param name="folder">Its working folder.</param>
    /// <param name="workflow">The steps of <c>core.workflow</c>.</param>
    /// <param name="sections">The sections besides <c>core</c>, in YAML.</param>
    /// <param name="resyncInterval">How often all is compared.</param>
    public static async Task<InterlookProcess> StartAsync(string folder, string workflow, string sections, string resyncInterval = "10m")
    {
        var port = TestMachine.FreePort();
        var configuration = Path.Combine(folder, "interlook.yml");
        await File.WriteAllTextAsync(configuration, $"""
            core:
              workflow: {workflow}
              listenPort: {port}
              logLevel: WARN
              flowEntriesFile: {folder}/entries.db
              instance: bench
              resyncInterval: {resyncInterval}
            {sections}
            """);
        var started = new InterlookProcess(ServerProcess.Start(Executable(), ["run", "--conf", configuration], folder), port);
        await Eventually.TrueAsync("the API answers", async () =>
        {
            if (!started.process.IsRunning)
                throw new InvalidOperationException($"interlook ended: {started.process.Output}");
            using var answer = await started.api.GetAsync(new Uri("/version", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        });
        return started;
    }

    /// <summary>Waits until the provider has delivered its first snapshot and so many entries are deployed, and no other is left.</summary>
    public Task UntilDeployedAsync(int services) => Eventually.TrueAsync(
        $"{services} services are deployed",
        async () =>
        {
            using var ready = await api.GetAsync(new Uri("/ready", UriKind.Relative));
            return ready.StatusCode == HttpStatusCode.OK
                && (await SumAsync("interlook_entries{")).Equals(services)
                && (await SumAsync("interlook_entries{", "state=\"deployed\"")).Equals(services);
        },
        TimeSpan.FromSeconds(90));

    /// <summary>Calls of provisioners since it started that deployed or undeployed something; the resync's look is none.</summary>
    public async Task<double> CallsAsync() =>
        await SumAsync("interlook_step_duration_seconds_count") - await SumAsync("interlook_step_duration_seconds_count", "action=\"observe\"");

    /// <summary>Comparisons of everything deployed with one outside system so far, and the seconds they took.</summary>
    public async Task<(double Count, double Seconds)> ComparisonsAsync() =>
        (await SumAsync("interlook_step_duration_seconds_count", "action=\"observe\""), await SumAsync("interlook_step_duration_seconds_sum", "action=\"observe\""));

    /// <summary>Ends it as an operator would.</summary>
    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        api.Dispose();
    }

    private async Task<double> SumAsync(string series, string label = "")
    {
        var text = await api.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return text.Split('\n')
            .Where(line => line.StartsWith(series, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>What <c>make build</c> leaves: the program as its users run it.</summary>
    internal static string Executable()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Interlook.slnx")))
            root = root.Parent ?? throw new InvalidOperationException("run the benchmarks from the repository: make bench");
        return Path.Combine(root.FullName, "artifacts", "interlook", "interlook");
    }

    private double Status(string field) =>
        Number(File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal))
            .Split(' ', '\t').First(word => word.Length > 0 && char.IsAsciiDigit(word[0]))) * 1024 / 1e6;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
