using System.Net;
using Interlook.Extensions.BigIp;
using Interlook.Services;
using Interlook.Simulators;
using Xunit;

namespace Interlook.Extensions.Tests.BigIp;

/// <summary>
/// A thousand services from cold, each with two targets on twenty shared hosts, every second one with TLS in policy mode. The first service has
/// a commit of its own and the other 999 wait for it, so that the next commits take 256, 256, 256 and 231 of them.
/// </summary>
public sealed class BigIpLoadTests : IAsyncDisposable
{
    private const int Services = 1000;
    private const int Hosts = 20;
    private const int Commits = 5;
    private const int Transactions = 1 + 8 + 8 + 8 + 8; // 32 services in each

    private readonly BigIpBed bed = new();
    private GatedAppliance gate = null!;

    public ValueTask DisposeAsync() => bed.DisposeAsync();

    [Fact]
    public async Task In_vs_mode_a_service_costs_two_calls_and_a_small_share_of_common_ones()
    {
        var provisioner = await StartAsync(policies: false);
        var before = bed.Appliance.Lines;

        await AllAsync(i => provisioner.DeployAsync(Key(i), Define(i), [], BigIpBed.Stopping));

        var calls = bed.TakeCalls();
        Assert.Equal(Services, Count(calls, "POST", "/tm/ltm/pool"));
        Assert.Equal(Services, Count(calls, "POST", "/tm/ltm/virtual"));
        Assert.Equal(Hosts, Count(calls, "POST", "/tm/ltm/node"));
        Assert.Equal(2 * Transactions, calls.Count(call => call.Path.Contains("/tm/transaction", StringComparison.Ordinal)));
        Assert.Equal(3 * Commits, calls.Count(call => call.Method == "GET")); // pools, virtual servers, nodes
        Assert.Equal((2 * Services) + Hosts + (2 * Transactions) + (3 * Commits), calls.Count);
        await AssertQuietAsync(provisioner, readsToObserve: 3, readsToDeploy: 2);
        await AllAsync(i => provisioner.UndeployAsync(Key(i), [Define(i)], BigIpBed.Stopping));

        // The first commit has looked at its own service alone: it tries its two nodes, and is refused because others use them.
        Assert.Equal((2 * Services) + Hosts + 2, bed.TakeCalls().Count(call => call.Method == "DELETE"));
        Assert.Equal(before, bed.Appliance.Lines);
    }

    [Fact]
    public async Task In_policy_mode_a_service_costs_two_calls_and_hundreds_share_a_publication()
    {
        var provisioner = await StartAsync(policies: true);
        var before = bed.Appliance.Lines;

        await AllAsync(i => provisioner.DeployAsync(Key(i), Define(i), [], BigIpBed.Stopping));

        var calls = bed.TakeCalls();
        var publications = 1 + (2 * (Commits - 1)); // the first commit has a service for one policy only
        Assert.Equal(Services, Count(calls, "POST", "/tm/ltm/pool"));
        Assert.Equal(Services, calls.Count(call => call.Method == "POST" && call.Path.EndsWith("/rules", StringComparison.Ordinal)));
        Assert.Equal(Hosts, Count(calls, "POST", "/tm/ltm/node"));
        Assert.Equal(publications, calls.Count(call => call.Body.Contains("\"publish\"", StringComparison.Ordinal)));
        Assert.Equal(publications, calls.Count(call => call.Body.Contains("createDraft", StringComparison.Ordinal)));
        Assert.Equal(2 * Transactions, calls.Count(call => call.Path.Contains("/tm/transaction", StringComparison.Ordinal)));
        Assert.Equal((5 * Commits) + 2, calls.Count(call => call.Method == "GET")); // pools, virtual servers, nodes, two policies; two drafts that are not there
        await AssertQuietAsync(provisioner, readsToObserve: 5, readsToDeploy: 4);
        await AllAsync(i => provisioner.UndeployAsync(Key(i), [Define(i)], BigIpBed.Stopping));

        Assert.Equal(before, bed.Appliance.Lines);
    }

    private async Task<BigIpProvisioner> StartAsync(bool policies)
    {
        await bed.StartAsync(appliance => gate = new GatedAppliance(appliance));
        var options = bed.Options(policies);
        options.SaveConfig = false; // how often it saves depends on who waits when; another test looks at it
        if (!policies)
            (options.GlobalHttpPolicy, options.GlobalSslPolicy) = ("", "");
        var provisioner = await bed.ProvisionerAsync(options);
        bed.TakeCalls();
        return provisioner;
    }

    private async Task AllAsync(Func<int, Task> call)
    {
        var held = gate.Shut();
        var first = call(0);
        await held.Reached;
        var others = Enumerable.Range(1, Services - 1).Select(call).ToList();
        held.Raise();
        await Task.WhenAll([first, .. others]);
    }

    private async Task AssertQuietAsync(BigIpProvisioner provisioner, int readsToObserve, int readsToDeploy)
    {
        var applied = Enumerable.Range(0, Services).ToDictionary(Key, Define);

        var observed = await provisioner.ObserveAsync(applied, BigIpBed.Stopping);
        var observing = bed.TakeCalls();
        await AllAsync(i => provisioner.DeployAsync(Key(i), Define(i), [Define(i)], BigIpBed.Stopping));
        var deploying = bed.TakeCalls();

        Assert.Empty(observed.Drifts);
        Assert.Empty(observed.Orphans);
        Assert.All(observing.Concat(deploying), call => Assert.Equal("GET", call.Method));
        Assert.Equal(readsToObserve, observing.Count);
        Assert.Equal(readsToDeploy * Commits, deploying.Count);
    }

    private static int Count(List<Call> calls, string method, string path) => calls.Count(call => call.Method == method && call.Path == $"/mgmt{path}");

    private static ServiceKey Key(int number) => BigIpBed.Key($"service-{number}");

    private static ServiceDefinition Define(int number) => new()
    {
        Name = $"service-{number}",
        Provider = "provider.test",
        Tls = number % 2 == 1,
        PublicIp = new IPAddress([10, 8, (byte)(number / 250), (byte)(1 + (number % 250))]),
        DnsNames = [$"service-{number}.example.org"],
        Targets = [new($"10.0.0.{1 + (number % Hosts)}", 8000 + (number / Hosts)), new($"10.0.0.{1 + ((number + 1) % Hosts)}", 8000 + (number / Hosts), 2)],
    };
}
