using System.Text.Json.Nodes;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Kubernetes;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Kubernetes;

[Collection(ClaimCluster.Collection)]
public sealed class ClaimDefinitionTests(ClaimCluster cluster)
{
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private static readonly string[] Names = ["ipnodes.ipcontroller.ext", "ipclaims.ipcontroller.ext", "ipclaimpools.ipcontroller.ext"];

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kinds_that_are_missing_are_made_and_can_be_used_at_once()
    {
        await WithoutAsync(Names);

        await EnsureAsync(cluster.Open());

        Assert.Empty((await cluster.OpenStore().Claims.ListAsync(Stopping)).Records);
        var columns = await cluster.Server.KubectlAsync(["get", "ipclaims,ipnodes,ipclaimpools", "--ignore-not-found"]);
        Assert.Equal("", columns);
    }

    [Fact]
    public async Task Two_that_make_them_at_once_both_succeed()
    {
        await WithoutAsync(Names);

        await Task.WhenAll(EnsureAsync(cluster.Open()), EnsureAsync(cluster.Open()));

        Assert.Empty((await cluster.OpenStore().Nodes.ListAsync(Stopping)).Records);
    }

    [Fact]
    public async Task A_definition_that_stands_is_never_changed()
    {
        await cluster.StartAsync();
        await cluster.Server.Api.MergeAsync($"{Definitions}/{Names[0]}", JsonNode.Parse("""{"metadata": {"annotations": {"note": "mine"}}}""")!.AsObject());
        var before = await cluster.Server.Api.GetAsync($"{Definitions}/{Names[0]}");

        await EnsureAsync(cluster.Open());

        Assert.Equal(before.ToJsonString(), (await cluster.Server.Api.GetAsync($"{Definitions}/{Names[0]}")).ToJsonString());
    }

    [Fact]
    public async Task Who_may_not_define_them_is_told_which_manifest_to_apply()
    {
        await WithoutAsync(Names);
        var ns = await cluster.CreateNamespaceAsync();
        var token = await cluster.Server.CreateServiceAccountTokenAsync(ns, "reader");
        await cluster.Server.KubectlAsync(["apply", "-f", "-"], $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: {{ns}}}
            rules: [{apiGroups: [ipcontroller.ext], resources: [ipnodes], verbs: [list]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: {{ns}}}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{ns}}}
            subjects: [{kind: ServiceAccount, name: reader, namespace: {{ns}}}]
            """);

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => EnsureAsync(cluster.Open(token)));

        Assert.Equal(Reason.Unauthorized, failure.Reason);
        Assert.Contains($"kubectl apply -f {ClaimDefinitions.Manifest}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_define_them_needs_not_where_they_are()
    {
        await cluster.StartAsync();
        var ns = await cluster.CreateNamespaceAsync();
        var token = await cluster.Server.CreateServiceAccountTokenAsync(ns, "reader");
        await cluster.Server.KubectlAsync(["create", "clusterrole", ns, "--verb=list", "--resource=ipnodes.ipcontroller.ext,ipclaims.ipcontroller.ext,ipclaimpools.ipcontroller.ext"]);
        await cluster.Server.KubectlAsync(["create", "clusterrolebinding", ns, $"--clusterrole={ns}", $"--serviceaccount={ns}:reader"]);

        await EnsureAsync(cluster.Open(token));
    }

    [Fact]
    public async Task A_definition_with_its_status_apart_is_refused()
    {
        await WithoutAsync(Names);
        var apart = ClaimDefinitions.Shipped().Single(each => (string)each["metadata"]!["name"]! == Names[1]).DeepClone().AsObject();
        apart["spec"]!["versions"]![0]!["subresources"] = JsonNode.Parse("""{"status": {}}""");
        await cluster.Server.Api.CreateAsync(Definitions, apart);
        await ServedAsync("ipclaims");

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => EnsureAsync(cluster.Open()));
        var write = await Assert.ThrowsAsync<ExtensionException>(() => cluster.OpenStore().Claims.CreateAsync(
            new Claim { Metadata = ClaimMeta.Named("10-0-0-1-24"), Spec = new() { Cidr = "10.0.0.1/24" } }.For("node1", "node1"), Stopping));
        await WithoutAsync(Names[1]);

        Assert.Contains(ClaimDefinitions.Manifest, failure.Message, StringComparison.Ordinal);
        Assert.Contains("dropped its status", write.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_shipped_manifest_is_what_is_made()
    {
        await WithoutAsync(Names);
        await cluster.Server.KubectlAsync(["apply", "-f", Repository.File("deploy", "externalip", "crds.yaml")]);

        await EnsureAsync(cluster.Open());
        await cluster.OpenStore().Claims.CreateAsync(
            new Claim { Metadata = ClaimMeta.Named("10-0-0-1-24"), Spec = new() { Cidr = "10.0.0.1/24" } }.For("node1", "node2"), Stopping);

        var shown = await cluster.Server.KubectlAsync(["get", "ipclaims"]);
        Assert.Matches(@"(?s)NAME\s+ADDRESS\s+NODE\s+HOLDER\s+POOL\s+AGE.*10-0-0-1-24\s+10\.0\.0\.1/24\s+node1\s+node2", shown);
    }

    private static Task EnsureAsync(ApiServer api) =>
        new ClaimDefinitions(api, TimeProvider.System, NullLogger<ClaimDefinitions>.Instance).EnsureAsync(Stopping);

    private async Task WithoutAsync(params string[] names)
    {
        await cluster.Server.StartAsync();
        foreach (var name in names)
            await cluster.Server.Api.SendAsync(HttpMethod.Delete, $"{Definitions}/{name}");
        foreach (var name in names)
        {
            await Eventually.TrueAsync(
                $"{name} is gone",
                async () => (await cluster.Server.Api.SendAsync(HttpMethod.Get, $"{Definitions}/{name}")).Status == System.Net.HttpStatusCode.NotFound
                    && (await cluster.Server.Api.SendAsync(HttpMethod.Get, ClaimCluster.PathOf(name.Split('.')[0]))).Status == System.Net.HttpStatusCode.NotFound);
        }
    }

    private Task ServedAsync(string plural) => Eventually.TrueAsync(
        $"{plural} are served", async () => (await cluster.Server.Api.SendAsync(HttpMethod.Get, ClaimCluster.PathOf(plural))).Status == System.Net.HttpStatusCode.OK);
}
