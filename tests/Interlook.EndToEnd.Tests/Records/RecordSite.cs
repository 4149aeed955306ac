using System.Globalization;
using System.Text.Json.Nodes;
using Interlook.Fixtures;

namespace Interlook.EndToEnd.Tests.Records;

/// <summary>
/// The shared Docker Engine, an etcd of its own, and the settings of an Interlook that writes what containers announce in their environment.
/// Closing it removes every container.
/// </summary>
internal sealed class RecordSite : IAsyncDisposable
{
    /// <summary>How long records outlive an Interlook that has died.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    private const string PublicHost = "10.77.66.0";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly TemporaryFolder folder = new();
    private readonly List<InterlookDaemon> daemons = [];
    private readonly int port = TestMachine.FreePort();

    private RecordSite(DockerEngine docker, EtcdServer etcd)
    {
        (Docker, Etcd) = (docker, etcd);
        Observer = new RecordObserver(etcd.Url);
    }

    /// <summary>The shared Docker Engine.</summary>
    internal DockerEngine Docker { get; }

    /// <summary>Where the records are.</summary>
    internal EtcdServer Etcd { get; }

    /// <summary>Who looks at the records all the time.</summary>
    internal RecordObserver Observer { get; }

    /// <summary>The file from which Interlook's clock reads by how much it is wrong; nothing is written there at first.</summary>
    internal string ClockFile => folder.File("clock");

    /// <summary>Opens a site.</summary>
    internal static async Task<RecordSite> OpenAsync(Servers servers, params string[] etcdFlags)
    {
        await servers.StartAsync();
        var etcd = new EtcdServer { Flags = etcdFlags };
        await etcd.StartAsync();
        return new RecordSite(servers.Docker, etcd);
    }

    /// <summary>Starts Interlook and waits until it has seen what there is.</summary>
    /// <param name="environment">More variables of its.</param>
    internal async Task<InterlookDaemon> StartInterlookAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        var configuration = folder.File("interlook.yml");
        await File.WriteAllTextAsync(configuration, Settings());
        var daemon = InterlookDaemon.Start(configuration, port, folder.Path, environment);
        daemons.Add(daemon);
        await daemon.ReadyAsync();
        return daemon;
    }

    /// <summary>Starts a container that announces its port 80 under a name.</summary>
    internal Task RunAsync(string container, string name, params IEnumerable<string> options) =>
        Docker.RunContainerAsync(container, [], ["-p", "80", "-e", $"DISCOVER={name}:80", .. options]);

    /// <summary>Waits until the keys are those of the containers that run, neither more nor fewer.</summary>
    internal async Task AgreesAsync()
    {
        var (wanted, found) = ("", "");
        try
        {
            await Eventually.TrueAsync("", async () => (wanted = await AnnouncedAsync()) == (found = await WrittenAsync()), Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Docker's containers announce {wanted}, and etcd holds {found}; Interlook said: {daemons[^1].Log}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Observer.DisposeAsync();
        foreach (var daemon in daemons)
        {
            Xunit.TestContext.Current.TestOutputHelper?.WriteLine(daemon.Log);
            await daemon.DisposeAsync();
        }
        await Docker.StartDaemonAsync();
        await Docker.RemoveContainersAsync();
        await Etcd.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>What the running containers announce: name, host and port of each, in order.</summary>
    private async Task<string> AnnouncedAsync()
    {
        var ids = (await Docker.DockerAsync("ps", "-q")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (ids.Length == 0)
            return "";
        return Sorted(JsonNode.Parse(await Docker.DockerAsync(["inspect", .. ids]))!.AsArray().Select(container =>
        {
            var announced = container!["Config"]!["Env"]!.AsArray().Select(variable => (string)variable!)
                .Single(variable => variable.StartsWith("DISCOVER=", StringComparison.Ordinal));
            var binding = container["NetworkSettings"]!["Ports"]!["80/tcp"]!.AsArray().First(binding => (string?)binding!["HostIp"] == "0.0.0.0")!;
            return $"{announced["DISCOVER=".Length..].Split(':')[0]}={PublicHost}:{binding["HostPort"]}";
        }));
    }

    private async Task<string> WrittenAsync() => Sorted((await Etcd.ReadAsync())
        .Where(record => record.Key.StartsWith("/skydns/", StringComparison.Ordinal))
        .Select(record => (record.Key, Value: JsonNode.Parse(record.Value)!))
        .Select(record => $"{record.Key.Split('/')[^2]}={record.Value["host"]}:{record.Value["port"]}"));

    private static string Sorted(IEnumerable<string> records) => string.Join(' ', records.Order(StringComparer.Ordinal));

    private string Settings() => string.Create(CultureInfo.InvariantCulture, $"""
        core:
          workflow: provider.docker,dns.skydns
          listenPort: {port}
          logLevel: DEBUG
          flowEntriesFile: {folder.Path}/entries.db
        provider:
          docker:
            endpoint: {Docker.Endpoint}
            discovery: env
            host: {PublicHost}
        dns:
          skydns:
            endpoints: [{Etcd.Url}]
            hostname: node1
            leaseTtl: {Lease.TotalSeconds}
        """);
}
