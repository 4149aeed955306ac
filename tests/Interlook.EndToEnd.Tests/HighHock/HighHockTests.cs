using System.Globalization;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.EndToEnd.Tests.HighHock;

/// <summary>
/// <c>interlook highhock</c> between a real Docker Engine and a real etcd. What it writes is compared with the files of <c>Golden</c>; the numbers
/// in the tests' names are those of the earlier program's faults.
/// </summary>
[Collection(RealServers.Name)]
public sealed class HighHockTests(Servers servers) : IAsyncLifetime
{
    /// <summary>Less than the lease, at the end of which a record would go by itself.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<int, string> ports = [];
    private DockerEngine docker = null!;
    private EtcdServer? etcd;
    private ServerProcess? highhock;

    public async ValueTask InitializeAsync()
    {
        await servers.StartAsync();
        docker = servers.Docker;
    }

    public async ValueTask DisposeAsync()
    {
        if (highhock is not null)
            await highhock.DisposeAsync();
        if (docker is not null)
        {
            await docker.StartDaemonAsync();
            await docker.RemoveContainersAsync();
        }
        if (etcd is not null)
            await etcd.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Its_records_in_v3_with_the_faults_06_to_11_and_13_mended()
    {
        etcd = new EtcdServer { Flags = ["--enable-v2=false"] };
        await etcd.StartAsync();
        Start();
        await RunAsync("httpd", "DISCOVER=httpd:80", ["-p", $"{Port("httpd")}:80"]);
        await RunAsync("06", "FOO_DISCOVER=six:80", ["-p", "80"]);
        await RunAsync("07", "DISCOVER= Shop.East :80,:80", ["-p", $"{Port("shop")}:80"]);
        await RunAsync("08", "DISCOVER=dns:53", ["--expose", "53/tcp", "-p", $"{Port("dns")}:53/udp"]);
        await RunAsync("09", "DISCOVER=loop:80", ["-p", $"127.0.0.1:{Port("loop")}:80"]);
        await RunAsync("10-first", "DISCOVER=web:80", ["-p", $"{Port("web 1")}:80"]);
        await RunAsync("10-second", "DISCOVER=web:80,web:443", ["-p", $"{Port("web 2")}:80", "-p", $"{Port("web 3")}:443"]);
        await RunAsync("13", "DISCOVER=host:9999", ["--network", "host"]);

        await ShowsAsync("v3.txt", await Golden("v3.txt"), V3Async);
        await docker.DockerAsync("rm", "-f", "httpd", "10-first");

        await ShowsAsync("v3-after.txt", await Golden("v3-after.txt"), V3Async);
    }

    [Fact]
    public async Task Its_records_in_v2_with_its_own_keys()
    {
        etcd = new EtcdServer();
        await etcd.StartAsync();
        Start("--legacy-keys");
        await RunAsync("httpd", "DISCOVER=httpd:80", ["-p", $"{Port("httpd")}:80"]);
        await RunAsync("both", "DISCOVERY=serv1:1000,serv2:302", ["-p", $"{Port("serv1")}:1000", "-p", $"{Port("serv2")}:302"]);

        await ShowsAsync("v2-legacy.txt", await Golden("v2-legacy.txt"), V2Async);
        await docker.DockerAsync("stop", "-t", "0", "both");

        await ShowsAsync("v2-legacy-after.txt", await Golden("v2-legacy-after.txt"), V2Async);
        Assert.Empty(await etcd.ReadAsync()); // nothing in v3
    }

    [Fact]
    public async Task It_waits_for_an_etcd_and_a_Docker_that_come_later_and_ends_in_good_order()
    {
        etcd = new EtcdServer { Flags = ["--enable-v2=false"] };
        await RunAsync("httpd", "DISCOVER=httpd:80", ["-p", $"{Port("httpd")}:80", "--restart", "always"]);
        await docker.StopDaemonAsync();
        Start();
        await SaysAsync("dns.skydns cannot start: etcd at");
        await etcd.StartAsync();
        await SaysAsync("provider.docker cannot start:");
        Assert.True(highhock!.IsRunning);
        await docker.StartDaemonAsync();

        await Eventually.TrueAsync("the record is there", async () => (await etcd.ReadAsync()).Count == 1);
        await highhock.SignalAsync("TERM");
        using var promised = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);

        Assert.Equal(0, await highhock.WaitForExitAsync(promised.Token));
        Assert.Empty(Directory.GetDirectories(folder.Path)); // its temporary folder has gone with it
    }

    [Fact]
    public async Task Fault_12_a_time_to_live_far_shorter_than_the_poll_loses_no_record()
    {
        etcd = new EtcdServer { Flags = ["--enable-v2=false"] };
        await etcd.StartAsync();
        Start("-ttl", "2", "-p", "60");
        await RunAsync("httpd", "DISCOVER=httpd:80", ["-p", $"{Port("httpd")}:80"]);
        await Eventually.TrueAsync("the record is there", async () => (await etcd.ReadAsync()).Count == 1);
        var began = TimeProvider.System.GetTimestamp();
        var missing = 0;

        await Eventually.TrueAsync("three times to live have passed", async () =>
        {
            missing += (await etcd.ReadAsync()).Count == 1 ? 0 : 1;
            return TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(6);
        });

        Assert.Equal(0, missing);
    }

    [Fact]
    public async Task Without_a_public_host_it_ends_and_says_what_it_tried()
    {
        etcd = new EtcdServer();
        await etcd.StartAsync();
        Start("--discovery-host", "", "-i", "no-such-interface");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);

        Assert.Equal(1, await highhock!.WaitForExitAsync(patience.Token));
        Assert.Contains("setting host is empty; variable EXTERNAL_IP is not set or empty; setting metadata is off; interface no-such-interface does not exist", highhock.Output, StringComparison.Ordinal);
    }

    private int Port(string name)
    {
        var port = TestMachine.FreePort();
        ports[port] = name;
        return port;
    }

    private Task<string> RunAsync(string name, string variable, IEnumerable<string> options) =>
        docker.RunContainerAsync(name, [], ["-e", variable, .. options], ["sleep", "600"]);

    private void Start(params string[] more) => highhock = ServerProcess.Start(
        InterlookDaemon.Program,
        [
            "highhock", "-c", "none.json", "-e", etcd!.Url.AbsoluteUri, "-d", docker.Endpoint, "-sd", "highhock.local", "-sn", "node1",
            "--discovery-host", "10.77.66.0", "--api-port", TestMachine.FreePort().ToString(CultureInfo.InvariantCulture), .. more,
        ],
        folder.Path,
        new Dictionary<string, string>(InterlookDaemon.Variables) { ["TMPDIR"] = folder.Path });

    private Task SaysAsync(string part) =>
        Eventually.TrueAsync($"it says {part}", () => highhock!.Output.Contains(part, StringComparison.Ordinal));

    private async Task<IEnumerable<(string Key, string Value)>> V3Async() => (await etcd!.ReadAsync()).Select(record => (record.Key, record.Value));

    private async Task<IEnumerable<(string Key, string Value)>> V2Async() => await etcd!.ReadOldAsync();

    private async Task ShowsAsync(string name, string expected, Func<Task<IEnumerable<(string Key, string Value)>>> read)
    {
        var last = "";
        try
        {
            await Eventually.TrueAsync($"etcd holds {name}", async () => (last = RecordsText.Of(await read(), ports)) == expected, AtOnce);
        }
        catch (TimeoutException)
        {
            Assert.Equal(expected, last);
        }
        Assert.Equal("", string.Join('\n', highhock!.Output.Split('\n').Where(line => line.Contains(" ERROR ", StringComparison.Ordinal))));
    }

    private static Task<string> Golden(string name) =>
        File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "HighHock", "Golden", name), TestContext.Current.CancellationToken);
}
