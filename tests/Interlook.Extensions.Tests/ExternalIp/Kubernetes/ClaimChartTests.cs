using Interlook.Extensions.Tests.Kubernetes.Deployment;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Kubernetes;

/// <summary>The external IPs of the Helm chart, on a real API server: they are what <c>deploy/externalip</c> is, and nothing unless asked for.</summary>
[Collection(ClaimCluster.Collection)]
public sealed class ClaimChartTests(ClaimCluster cluster)
{
    private const string Workflow = "config: {core: {workflow: provider.kubernetes}}";

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task External_IPs_are_off_unless_they_are_asked_for()
    {
        var chart = await Chart.RenderAsync("web", "a", Workflow);

        Assert.Single(Manifest.Workloads(chart));
        Assert.DoesNotContain("ipcontroller.ext", chart, StringComparison.Ordinal);
        Assert.DoesNotContain("NET_ADMIN", chart, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("naive", "web-interlook-naive")]
    [InlineData("claims", "web-interlook-claimcontroller web-interlook-scheduler")]
    public async Task Without_the_daemon_nothing_else_is_installed(string mode, string pods)
    {
        var chart = await Chart.RenderAsync("web", "a", $"daemon: false\nexternalIp: {{mode: {mode}}}");

        Assert.Equal(pods.Split(' '), Manifest.Workloads(chart).Select(pod => pod["metadata"]["name"].ToString()));
    }

    [Theory]
    [InlineData("naive", "loadBalancers: true, mask: 24, interface: bond0")]
    [InlineData("claims", "nodeFilter: first-alive, hostName: anycast, interface: lo, peerPort: 7946, schedulers: 3, heartbeat: 1s, monitor: 3s")]
    public async Task The_server_accepts_every_value(string mode, string values)
    {
        await cluster.StartAsync();
        var ns = await cluster.CreateNamespaceAsync();

        var chart = await Chart.RenderAsync(
            "web", ns,
            $"{Workflow}\nimagePullSecrets: [{{name: registry}}]\nexternalIp: {{mode: {mode}, {values}, nodeSelector: {{disk: fast}}, tolerations: [{{key: a, operator: Exists}}]}}");
        await cluster.Server.KubectlAsync(["apply", "--dry-run=server", "-f", "-"], chart);

        Assert.DoesNotContain("<no value>", chart, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("naive", "naive.yaml", "naive")]
    [InlineData("claims", "claims.yaml", "claimcontroller", "scheduler")]
    public async Task The_accounts_have_the_rights_of_the_manifests(string mode, string file, params string[] accounts)
    {
        await cluster.StartAsync();
        var ns = await cluster.CreateNamespaceAsync();
        await cluster.Server.KubectlAsync(["apply", "-f", Repository.File("deploy", "externalip", file)]);
        await cluster.Server.KubectlAsync(["apply", "-f", "-"], await Chart.RenderAsync("interlook", ns, $"daemon: false\nexternalIp: {{mode: {mode}}}"));

        foreach (var account in accounts)
        {
            var plain = await cluster.Server.CreateServiceAccountTokenAsync("externalip", account);
            var charts = await cluster.Server.CreateServiceAccountTokenAsync(ns, $"interlook-{account}");
            foreach (var where in new[] { "", "kube-system" })
                Assert.Equal(await Rights.OfAsync(cluster.Server, plain, where), await Rights.OfAsync(cluster.Server, charts, where));
        }
    }

    [Theory]
    [InlineData("naive", "naive.yaml")]
    [InlineData("claims", "claims.yaml")]
    public async Task The_pods_run_as_those_of_the_manifests(string mode, string file)
    {
        var chart = Manifest.Workloads(await Chart.RenderAsync("interlook", "a", $"daemon: false\nexternalIp: {{mode: {mode}}}"));
        var plain = Manifest.Workloads(await File.ReadAllTextAsync(Repository.File("deploy", "externalip", file), Stopping));

        Assert.Equal(plain.Count, chart.Count);
        foreach (var (ours, theirs) in chart.Zip(plain))
        {
            var (pod, expected) = (Manifest.Pod(ours), Manifest.Pod(theirs));
            foreach (var part in (string[])["securityContext", "volumes", "terminationGracePeriodSeconds", "automountServiceAccountToken"])
                Assert.Equal(expected[part], pod[part]);
            Assert.Equal(expected.Children.ContainsKey("hostNetwork"), pod.Children.ContainsKey("hostNetwork"));
            foreach (var part in (string[])["securityContext", "resources", "volumeMounts", "image", "name"])
                Assert.Equal(expected["containers"][0][part], pod["containers"][0][part]);
        }
    }
}
