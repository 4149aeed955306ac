using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Kubernetes;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Extensions.Tests.Kubernetes.Deployment;
using Interlook.Fixtures;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Interlook.Extensions.Tests.ExternalIp.Kubernetes;

/// <summary>What is under <c>deploy/externalip</c>, on a real API server: it is accepted, and gives each part the rights it needs and no other.</summary>
[Collection(ClaimCluster.Collection)]
public sealed class ClaimDeploymentTests(ClaimCluster cluster)
{
    private const string Namespace = "externalip";

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_controller_may_beat_and_change_claims_and_nothing_else()
    {
        await ApplyAsync("claims.yaml");

        var rights = await RightsOfAsync("claimcontroller", "");

        Assert.Equal(
            [
                "create ipnodes.ipcontroller.ext", "get ipclaims.ipcontroller.ext", "get ipnodes.ipcontroller.ext", "list ipclaims.ipcontroller.ext",
                "list ipnodes.ipcontroller.ext", "update ipclaims.ipcontroller.ext", "update ipnodes.ipcontroller.ext", "watch ipclaims.ipcontroller.ext",
                "watch ipnodes.ipcontroller.ext",
            ],
            rights);
        Assert.Equal(rights, await RightsOfAsync("claimcontroller", "kube-system"));
    }

    [Fact]
    public async Task A_scheduler_may_write_claims_and_the_addresses_of_Services()
    {
        await ApplyAsync("claims.yaml");

        var rights = await RightsOfAsync("scheduler", "");

        Assert.Equal(
            [
                "create events", "create ipclaims.ipcontroller.ext", "delete ipclaims.ipcontroller.ext", "delete ipnodes.ipcontroller.ext", "get ipclaimpools.ipcontroller.ext",
                "get ipclaims.ipcontroller.ext", "get ipnodes.ipcontroller.ext", "get services", "list ipclaimpools.ipcontroller.ext",
                "list ipclaims.ipcontroller.ext", "list ipnodes.ipcontroller.ext", "list services", "patch services", "patch services/status",
                "update ipclaimpools.ipcontroller.ext", "update ipclaims.ipcontroller.ext", "watch ipclaimpools.ipcontroller.ext",
                "watch ipclaims.ipcontroller.ext", "watch ipnodes.ipcontroller.ext", "watch services",
            ],
            rights);
        Assert.Equal(["create leases.coordination.k8s.io"], (await RightsOfAsync("scheduler", "kube-system")).Except(rights));
    }

    [Fact]
    public async Task The_simple_mode_may_read_Services()
    {
        await ApplyAsync("naive.yaml");

        Assert.Equal(["get services", "list services", "watch services"], await RightsOfAsync("naive", ""));
    }

    [Fact]
    public async Task The_accounts_can_do_what_their_rights_are_for()
    {
        await ApplyAsync("claims.yaml");
        var node = cluster.OpenStore(cluster.Open(await TokenOfAsync("claimcontroller")));
        var api = cluster.Open(await TokenOfAsync("scheduler"));
        var scheduler = cluster.OpenStore(api);
        var lease = new LeaderElectionOptions { Identity = "test" }.Lease;

        var beat = await node.Nodes.CreateAsync(new NodeRecord { Metadata = ClaimMeta.Named("node1"), Revision = 1 }, Stopping);
        var claim = new Claim { Metadata = ClaimMeta.Named("10-0-0-1-24"), Spec = new() { Cidr = "10.0.0.1/24" } }.For("node1", "node1");
        var created = await scheduler.Claims.CreateAsync(claim, Stopping);
        var taken = await node.Claims.UpdateAsync(claim.TakenAt(1), created.Revision, Stopping);
        var deleted = await scheduler.Claims.DeleteAsync("10-0-0-1-24", taken.Revision, Stopping);
        var made = await api.CreateAsync(
            api.Kinds.Leases,
            new LeaderLease { Metadata = new() { Namespace = lease.Namespace, Name = lease.Name }, Spec = new() { HolderIdentity = "test", LeaseDurationSeconds = 15 } },
            Stopping);
        var renewed = await api.UpdateAsync(api.Kinds.Leases, made with { Spec = made.Spec! with { HolderIdentity = "" } }, Stopping);

        Assert.All([beat, created, taken, deleted], result => Assert.True(result.IsWritten));
        Assert.NotNull(renewed);
    }

    [Fact]
    public async Task Only_what_touches_interfaces_has_the_hosts_network_and_two_capabilities()
    {
        var pods = new Dictionary<string, YamlMappingNode>();
        foreach (var file in new[] { "naive.yaml", "claims.yaml" })
        {
            foreach (var workload in Manifest.Workloads(await File.ReadAllTextAsync(Repository.File("deploy", "externalip", file), Stopping)))
                pods.Add(workload["metadata"]["name"].ToString(), Manifest.Pod(workload));
        }

        foreach (var (name, pod) in pods)
        {
            var isAtLinks = name != "scheduler";
            var security = pod["containers"][0]["securityContext"]["capabilities"];
            Assert.Equal("[ ALL ]", security["drop"].ToString());
            Assert.Equal(isAtLinks, pod.Children.ContainsKey("hostNetwork"));
            Assert.Equal(isAtLinks ? "[ NET_ADMIN, NET_RAW ]" : "", ((YamlMappingNode)security).Children.TryGetValue("add", out var added) ? added.ToString() : "");
        }
        Assert.Equal(["claimcontroller", "naive", "scheduler"], pods.Keys.Order(StringComparer.Ordinal));
    }

    private async Task ApplyAsync(string file)
    {
        await cluster.StartAsync();
        await cluster.Server.KubectlAsync(["apply", "-f", Repository.File("deploy", "externalip", "crds.yaml")]);
        await cluster.Server.KubectlAsync(["apply", "-f", Repository.File("deploy", "externalip", file)]);
    }

    private Task<string> TokenOfAsync(string account) => cluster.Server.CreateServiceAccountTokenAsync(Namespace, account);

    private async Task<IReadOnlyList<string>> RightsOfAsync(string account, string ns) => await Rights.OfAsync(cluster.Server, await TokenOfAsync(account), ns);
}
