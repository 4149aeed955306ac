using System.Globalization;
using Interlook.Extensions.FileStore;
using Interlook.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interlook.EndToEnd.Tests;

/// <summary>
/// One place with everything a test needs: the shared Docker Engine and Consul, a HAProxy of its own, and the settings of an Interlook that
/// brings them together. Closing it removes every container and registration.
/// </summary>
internal sealed class Site : IAsyncDisposable
{
    /// <summary>The workflow of the main job.</summary>
    internal const string MainJob = "provider.docker,ipam.ipalloc,dns.consul,lb.haproxy";

    // The machine may be busy with other things; this decides only how fast a broken test fails.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static int opened;

    private readonly int number = Interlocked.Increment(ref opened);
    private readonly List<InterlookDaemon> daemons = [];

    private Site(Servers servers, HAProxyServer haproxy) => (Servers, HAProxy) = (servers, haproxy);

    /// <summary>The shared servers.</summary>
    internal Servers Servers { get; }

    /// <summary>The load balancer.</summary>
    internal HAProxyServer HAProxy { get; }

    /// <summary>Where Interlook keeps its files.</summary>
    internal TemporaryFolder Folder { get; } = new();

    /// <summary>The owner's name in every ownership mark; no two tests share one.</summary>
    internal string Instance => string.Create(CultureInfo.InvariantCulture, $"site-{number}");

    /// <summary>The first three numbers of the addresses to lease; unless others are set, they need no interface.</summary>
    internal string Prefix { get => field ?? string.Create(CultureInfo.InvariantCulture, $"127.90.{number}."); set; }

    /// <summary>The leases.</summary>
    internal string LeaseFile => Folder.File("allocated.db");

    /// <summary>Where a service without TLS answers.</summary>
    internal int HttpPort { get; } = TestMachine.FreePort();

    /// <summary>Where a service with TLS answers.</summary>
    internal int HttpsPort { get; } = TestMachine.FreePort();

    /// <summary>How often everything is compared with the outside.</summary>
    internal string Resync { get; set; } = "10m";

    /// <summary>The steps of the default workflow; null for none.</summary>
    internal string? Workflow { get; set; } = MainJob;

    /// <summary>The folder that <c>provider.file</c> follows.</summary>
    internal string ServicesFolder => Directory.CreateDirectory(Folder.File("services")).FullName;

    /// <summary>More sections of the configuration.</summary>
    internal string MoreSections { get; set; } = "";

    /// <summary>More below the section <c>dns</c>.</summary>
    internal string MoreDns { get; set; } = "";

    /// <summary>Whether HAProxy shall bind addresses that are on another machine.</summary>
    internal bool BindsForeignAddresses { get; set; }

    /// <summary>The configuration file, written when Interlook starts.</summary>
    internal string Configuration => Folder.File("interlook.yml");

    /// <summary>Opens a site.</summary>
    internal static async Task<Site> OpenAsync(Servers servers)
    {
        await servers.StartAsync();
        return new Site(servers, await HAProxyServer.StartNewAsync());
    }

    /// <summary>Starts Interlook and does not wait.</summary>
    internal async Task<InterlookDaemon> LaunchAsync()
    {
        var api = TestMachine.FreePort();
        await File.WriteAllTextAsync(Configuration, Settings(api));
        var daemon = InterlookDaemon.Start(Configuration, api, Folder.Path);
        daemons.Add(daemon);
        return daemon;
    }

    /// <summary>Starts Interlook and waits until it has seen what there is.</summary>
    internal async Task<InterlookDaemon> StartInterlookAsync()
    {
        var daemon = await LaunchAsync();
        await daemon.ReadyAsync();
        return daemon;
    }

    /// <summary>Creates a container whose web server says who it is; it does not run yet.</summary>
    /// <param name="identity">Its name, and what it answers.</param>
    /// <param name="host">The host name to publish.</param>
    /// <param name="labels">More labels, each <c>key=value</c>.</param>
    /// <param name="port">Where its web server listens.</param>
    /// <param name="options">More arguments of <c>docker create</c>.</param>
    internal Task CreateAsync(string identity, string host, IEnumerable<string>? labels = null, int port = 80, IEnumerable<string>? options = null)
    {
        var inside = port.ToString(CultureInfo.InvariantCulture);
        return Servers.Docker.DockerAsync(
            [
                "create", "--name", identity, "-p", inside, "-l", $"interlook.hosts={host}", "-l", $"interlook.port={inside}",
                .. (labels ?? []).SelectMany(label => (string[])["-l", label]), .. options ?? [], DockerEngine.Image, .. WebServer(identity, inside),
            ]);
    }

    /// <summary>Creates such a container and starts it.</summary>
    internal async Task RunAsync(string identity, string host, IEnumerable<string>? labels = null, int port = 80, IEnumerable<string>? options = null)
    {
        await CreateAsync(identity, host, labels, port, options);
        await Servers.Docker.DockerAsync("start", identity);
    }

    /// <summary>A web server that answers with a text; shell variables in it are filled in.</summary>
    internal static string[] WebServer(string identity, string port) =>
        ["sh", "-c", $"echo {identity} > /tmp/index.html; exec httpd -f -p {port} -h /tmp"];

    /// <summary>
    /// Waits until clients get the truth: the name resolves at Consul to one address, the address is of our range, and requests there are
    /// answered by exactly these containers.
    /// </summary>
    /// <returns>The address.</returns>
    internal async Task<string> AnswersAsync(string host, int port, params IReadOnlyList<string> identities)
    {
        var (address, seen) = ("", "nothing");
        await WaitAsync(
            () => $"{host} at port {port} is answered by {string.Join(", ", identities)} (last: {seen})",
            async () =>
            {
                seen = "no single address";
                if (await ResolveAsync(host) is not [var only])
                    return false;
                address = only;
                seen = $"no answer at {address}";
                var answers = await Curl.GetAsync(host, address, port, identities.Count * 4);
                seen = string.Join(", ", answers.Distinct().Order(StringComparer.Ordinal));
                return address.StartsWith(Prefix, StringComparison.Ordinal) && seen == string.Join(", ", identities.Order(StringComparer.Ordinal));
            });
        return address;
    }

    /// <summary>Waits until nothing is left for clients: the name does not resolve, and nobody listens at the address.</summary>
    internal Task IsGoneAsync(string host, string address, int port) => WaitAsync(
        () => $"{host} is gone from Consul, and {address}:{port} from HAProxy",
        async () => await ResolveAsync(host) is [] && await Curl.IsRefusedAsync(address, port));

    /// <summary>Waits until an entry is as told.</summary>
    internal static Task EntryAsync(InterlookDaemon daemon, string name, string what, Func<ShownEntry?, bool> condition)
    {
        ShownEntry? last = null;
        return WaitAsync(
            () => $"{name} {what} (last: {last})",
            async () => condition(last = (await daemon.EntriesAsync()).GetValueOrDefault(name)));
    }

    /// <summary>Asks Consul for a service's name: one in <c>example.org</c>, which is the domain that Interlook cuts off.</summary>
    internal Task<IReadOnlyList<string>> ResolveAsync(string host) =>
        Servers.Consul.ResolveAsync(host.Replace(".example.org", "", StringComparison.Ordinal) + ".service.consul");

    /// <summary>The leases on disk, whatever runs: address by service. Read from a copy, so that nothing is opened that Interlook holds.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> LeasesAsync()
    {
        using var copy = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(Folder.Path, Path.GetFileName(LeaseFile) + "*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
            File.Copy(file, copy.File(Path.GetFileName(file)));
        await using var store = new FileRecordStores(new LocalDisk(), NullLoggerFactory.Instance)
            .Open(copy.File(Path.GetFileName(LeaseFile)), new LeaseOnDiskCodec());
        // Two leases of one service would be a fault of their own: the dictionary refuses them.
        return (await store.ReadAllAsync(CancellationToken.None)).ToDictionary(lease => lease.Value.Value.Holder, lease => lease.Key);
    }

    /// <summary>Puts a document into the folder that <c>provider.file</c> follows, in one step.</summary>
    internal async Task WriteServiceAsync(string name, string document)
    {
        var whole = Folder.File(name + ".next");
        await File.WriteAllTextAsync(whole, document);
        File.Move(whole, Path.Combine(ServicesFolder, name + ".yml"), overwrite: true);
    }

    /// <summary>Reads HAProxy's file that Interlook owns.</summary>
    internal Task<string> ReadOwnConfigAsync() => File.ReadAllTextAsync(HAProxy.ConfigFile);

    /// <summary>Changes that file behind Interlook's back, and lets HAProxy run it.</summary>
    internal async Task EditOwnConfigAsync(Func<string, string> edit)
    {
        await File.WriteAllTextAsync(HAProxy.ConfigFile, edit(await ReadOwnConfigAsync()));
        await HAProxy.ReloadAsync();
    }

    /// <summary>Waits for something with this suite's patience.</summary>
    internal static async Task WaitAsync(Func<string> what, Func<Task<bool>> condition)
    {
        try
        {
            await Eventually.TrueAsync("", condition, Patience);
        }
        catch (TimeoutException failure)
        {
            throw new TimeoutException($"never came true within {Patience}: {what()}", failure.InnerException);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var daemon in daemons)
        {
            Xunit.TestContext.Current.TestOutputHelper?.WriteLine(daemon.Log);
            await daemon.DisposeAsync();
        }
        await Servers.Docker.RemoveContainersAsync();
        await Servers.Consul.ClearAsync();
        await HAProxy.DisposeAsync();
        Folder.Dispose();
    }

    private string Settings(int api) => $"""
        core:
          logLevel: DEBUG
          listenPort: {api}
          instance: {Instance}
          {(Workflow is { } steps ? $"workflow: {steps}" : "")}
          checkFlowInterval: 1s
          resyncInterval: {Resync}
          flowEntriesFile: {Folder.File("flowentries.db")}
        provider:
          docker:
            name: endToEnd
            endpoint: {Servers.Docker.Endpoint}
          swarm:
            endpoint: {Servers.Docker.Endpoint}
          file:
            path: {ServicesFolder}
        ipam:
          ipalloc:
            network_cidr: {Prefix}0/24
            db_file: {LeaseFile}
        dns:
          consul:
            url: {Servers.Consul.Url}
            domain: example.org
          {MoreDns}
        lb:
          haproxy:
            configFile: {HAProxy.ConfigFile}
            masterSocket: {HAProxy.MasterSocket}
            otherConfigFiles: {HAProxy.ForeignConfigFile}
            binary: {HAProxy.Binary}
            httpPort: {HttpPort}
            httpsPort: {HttpsPort}
            transparent: {(BindsForeignAddresses ? "true" : "false")}
        {MoreSections}
        """;
}
