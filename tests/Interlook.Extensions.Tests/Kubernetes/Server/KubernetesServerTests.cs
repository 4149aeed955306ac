using System.Net;
using System.Text.Json.Nodes;
using Interlook.Fixtures.Kubernetes;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes.Server;

/// <summary>What the tests of Kubernetes rely on: that the API server under them is a real one.</summary>
public sealed class KubernetesServerTests(SharedKubernetes kubernetes)
{
    [Fact]
    public async Task A_service_account_without_rights_is_forbidden_and_nobody_is_unauthorized()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        var token = await server.CreateServiceAccountTokenAsync(ns, "nobody");

        var account = await server.As(token).SendAsync(HttpMethod.Get, $"/api/v1/namespaces/{ns}/services");
        var stranger = await server.As("unknown").SendAsync(HttpMethod.Get, $"/api/v1/namespaces/{ns}/services");

        Assert.Equal(HttpStatusCode.Forbidden, account.Status);
        Assert.Contains($"system:serviceaccount:{ns}:nobody", account.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.Status);
    }

    [Fact]
    public async Task Kubectl_works_as_the_administrator_as_an_account_and_with_a_certificate()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        var token = await server.CreateServiceAccountTokenAsync(ns, "nobody");
        var certificate = server.IssueClientCertificate("carla", ["system:masters"]);
        var carla = server.WriteKubeconfig("carla", $"client-certificate: {certificate.CertificateFile}\nclient-key: {certificate.KeyFile}");

        await server.KubectlAsync(["apply", "-f", "-"], KubernetesObjects.Service(ns, "web").ToJsonString());
        var listed = await server.KubectlAsync(["get", "services", "-n", ns, "-o", "name"]);
        var byCertificate = await server.KubectlAsync(["get", "services", "-n", ns, "-o", "name", "--kubeconfig", carla]);
        var byAccount = await server.TryKubectlAsync(["get", "services", "-n", ns, $"--token={token}"]);

        Assert.Equal("service/web", listed.Trim());
        Assert.Equal("service/web", byCertificate.Trim());
        Assert.NotEqual(0, byAccount.ExitCode);
        Assert.Contains("Forbidden", byAccount.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DiscoveryVersion.V1Beta1, "v1beta1")]
    [InlineData(DiscoveryVersion.V1, "v1")]
    public async Task It_has_one_version_of_slices_and_keeps_what_that_version_says(DiscoveryVersion discovery, string version)
    {
        var server = await kubernetes.StartedAsync(discovery);
        var ns = await kubernetes.CreateNamespaceAsync(server);
        var slice = KubernetesObjects.Slice(discovery, ns, "web", "web-1", [new SliceEndpoint("10.1.2.3", Node: "a", Zone: "north")]);
        slice["endpoints"]![0]!["unknown"] = "dropped";

        await server.Api.CreateAsync(server.SlicesPath(ns), slice);
        var group = await server.Api.GetAsync("/apis/discovery.k8s.io");
        var read = await server.Api.GetAsync($"{server.SlicesPath(ns)}/web-1");

        Assert.Equal([version], group["versions"]!.AsArray().Select(each => (string)each!["version"]!));
        slice["endpoints"]![0]!.AsObject().Remove("unknown");
        Assert.Equal($"discovery.k8s.io/{version}", (string?)read["apiVersion"]);
        Assert.True(JsonNode.DeepEquals(slice["endpoints"], read["endpoints"]), read.ToJsonString());
        Assert.True(JsonNode.DeepEquals(slice["ports"], read["ports"]), read.ToJsonString());
    }

    [Fact]
    public async Task A_node_stays_as_it_was_reported()
    {
        var server = await kubernetes.StartedAsync();

        var node = await server.Api.CreateAsync("/api/v1/nodes", KubernetesObjects.Node("reported", "192.0.2.1", zone: "north"));

        Assert.Equal("True", (string?)node["status"]!["conditions"]![0]!["status"]);
        Assert.Equal("192.0.2.1", (string?)node["status"]!["addresses"]![0]!["address"]);
        Assert.Null(node["spec"]!["taints"]);
    }

    [Theory]
    [InlineData(DiscoveryVersion.V1Beta1)]
    [InlineData(DiscoveryVersion.V1)]
    public async Task A_restart_keeps_objects_and_tokens_and_a_forgotten_history_is_gone(DiscoveryVersion discovery)
    {
        await using var server = new KubernetesServer { Discovery = discovery };
        await server.StartAsync();
        var token = await server.CreateServiceAccountTokenAsync("default", "nobody");
        var early = await server.Api.CreateAsync("/api/v1/namespaces/default/services", KubernetesObjects.Service("default", "early"));
        await server.Api.CreateAsync(
            server.SlicesPath("default"), KubernetesObjects.Slice(discovery, "default", "early", "early-1", [new SliceEndpoint("10.1.2.3")]));

        await server.StopAsync();
        await server.CompactEtcdAsync();
        await server.StartAsync();
        var service = await server.Api.GetAsync("/api/v1/namespaces/default/services/early");
        var slices = await server.Api.GetAsync(server.SlicesPath());
        var account = await server.As(token).SendAsync(HttpMethod.Get, "/api/v1/services");
        var (_, watch) = await server.Api.SendAsync(
            HttpMethod.Get, $"/api/v1/services?watch=1&timeoutSeconds=5&resourceVersion={early["metadata"]!["resourceVersion"]}");

        Assert.Equal((string?)early["metadata"]!["uid"], (string?)service["metadata"]!["uid"]);
        Assert.Equal("early-1", (string?)Assert.Single(slices["items"]!.AsArray())!["metadata"]!["name"]);
        Assert.Equal(HttpStatusCode.Forbidden, account.Status);
        Assert.Contains("\"code\":410", watch, StringComparison.Ordinal);
    }
}
