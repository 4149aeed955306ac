using System.Text.Json.Nodes;
using Interlook.Extensions.Kubernetes;
using Interlook.Fixtures.Kubernetes;
using Interlook.Providers;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes;

/// <summary>What is published follows Services, slices and nodes of a real API server, with both versions of slices.</summary>
public sealed class KubernetesFollowingTests(SharedKubernetes shared) : IAsyncDisposable
{
    private readonly List<Func<ValueTask>> ends = [];
    private KubernetesServer server = null!;
    private KubernetesProxy proxy = null!;
    private string space = "";

    public static TheoryData<DiscoveryVersion> Versions => [DiscoveryVersion.V1Beta1, DiscoveryVersion.V1];

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    /// <summary>Of the nodes of this test, by the number of its namespace.</summary>
    private string Network => $"10.9.{space.Split('-')[^1]}.";

    private string Services => $"/api/v1/namespaces/{space}/services";

    public async ValueTask DisposeAsync()
    {
        foreach (var end in Enumerable.Reverse(ends))
            await end();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Targets_follow_slices_and_nodes(DiscoveryVersion version)
    {
        await BeginAsync(version);
        var port = await CreateServiceAsync("web");
        var follower = await FollowAsync();

        await CreateSliceAsync(new SliceEndpoint("10.1.0.1", Node: Node(1)), new SliceEndpoint("10.1.0.2", Node: Node(1)), new SliceEndpoint("10.2.0.1", Node: Node(2)));
        await UntilAsync(follower, $"1:{port}*2 2:{port}*1");
        await server.Api.MergeAsync($"/api/v1/nodes/{Node(1)}", Labels("node.kubernetes.io/exclude-from-external-load-balancers", ""));
        await UntilAsync(follower, $"2:{port}*1");
        await ReplaceSliceAsync(new SliceEndpoint("10.1.0.1", Node: Node(1)), new SliceEndpoint("10.2.0.1", Ready: false, Node: Node(2)));
        await UntilAsync(follower, $"2:{port}*1 3:{port}*1"); // its only endpoint is on the excluded node: the others pass it on
        await server.Api.MergeAsync($"/api/v1/nodes/{Node(1)}", Labels("node.kubernetes.io/exclude-from-external-load-balancers", null));
        await UntilAsync(follower, $"1:{port}*1");
        await server.Api.DeleteAsync($"{server.SlicesPath(space)}/web");

        await UntilAsync(follower, "");
        Assert.Equal(1, follower.Snapshots);
    }

    [Fact]
    public async Task A_Service_that_goes_while_the_server_is_away_is_withdrawn_when_it_is_back()
    {
        await BeginAsync(DiscoveryVersion.V1Beta1);
        await CreateServiceAsync("web");
        await CreateServiceAsync("other");
        var provider = await StartAsync();
        var broken = await FollowAsync(provider);

        await proxy.StopAsync();
        await server.Api.DeleteAsync($"{Services}/web");
        var failure = await broken.FailureAsync();
        await proxy.ResumeAsync();
        var mended = await FollowAsync(provider);

        Assert.IsType<ExtensionException>(failure);
        Assert.Contains($"{space}/web", broken.Services.Keys);
        await mended.UntilAsync("only the other one is published", services => services.Keys.SequenceEqual([$"{space}/other"]));
    }

    [Fact]
    public async Task Annotations_and_labels_of_the_earlier_system_publish_and_their_loss_withdraws()
    {
        await BeginAsync(DiscoveryVersion.V1Beta1);
        var service = KubernetesObjects.Service(space, "web", "NodePort");
        service["metadata"]!["labels"] = new JsonObject { ["interlook.hosts"] = "web.example.org", ["interlook.port"] = "8080", ["interlook.ssl"] = "true" };
        await server.Api.CreateAsync(Services, service);
        var follower = await FollowAsync();
        var first = follower.Services[$"{space}/web"];

        await server.Api.MergeAsync($"{Services}/web", Labels("interlook.hosts", null));

        await follower.UntilAsync("it is withdrawn", services => services.IsEmpty);
        Assert.Equal(["web.example.org"], first.DnsNames);
        Assert.True(first.Tls);
    }

    private static JsonObject Labels(string key, string? value) => new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [key] = value } } };

    private async Task BeginAsync(DiscoveryVersion version)
    {
        server = await shared.StartedAsync(version);
        space = await shared.CreateNamespaceAsync(server);
        proxy = await KubernetesProxy.StartAsync(server);
        ends.Add(proxy.DisposeAsync);
        for (var number = 1; number <= 3; number++)
        {
            var name = Node(number);
            await server.Api.CreateAsync("/api/v1/nodes", KubernetesObjects.Node(name, $"{Network}{number}"));
            ends.Add(async () => await server.Api.DeleteAsync($"/api/v1/nodes/{name}"));
        }
    }

    private string Node(int number) => $"{space}-node-{number}";

    private async Task<int> CreateServiceAsync(string name)
    {
        var created = await server.Api.CreateAsync(Services, KubernetesObjects.Service(space, name, "NodePort", [("interlook.hosts", $"{name}.example.org")]));
        return (int)created["spec"]!["ports"]![0]!["nodePort"]!;
    }

    private async Task CreateSliceAsync(params IEnumerable<SliceEndpoint> endpoints) =>
        await server.Api.CreateAsync(server.SlicesPath(space), KubernetesObjects.Slice(server.Discovery, space, "web", "web", endpoints));

    private async Task ReplaceSliceAsync(params IEnumerable<SliceEndpoint> endpoints)
    {
        var path = $"{server.SlicesPath(space)}/web";
        var slice = KubernetesObjects.Slice(server.Discovery, space, "web", "web", endpoints);
        slice["metadata"]!["resourceVersion"] = (await server.Api.GetAsync(path))["metadata"]!["resourceVersion"]!.DeepClone();
        await server.Api.ReplaceAsync(path, slice);
    }

    /// <summary>Waits for the targets of the Service, of this test's nodes, each as <c>number:port*weight</c>; other tests have nodes there too.</summary>
    private async Task UntilAsync(ProviderFollower follower, string targets) => await follower.UntilAsync(
        $"'{targets}'",
        services => string.Join(' ', services[$"{space}/web"].Targets
            .Where(target => target.Host.StartsWith(Network, StringComparison.Ordinal))
            .Select(target => $"{target.Endpoint[Network.Length..]}*{target.Weight}")) == targets);

    private async Task<IProvider> StartAsync()
    {
        var provider = KubernetesContext.Create<IProvider>(
            KubernetesExtensions.Provider,
            ("endpoint", proxy.Endpoint.ToString()), ("tlsCa", server.AuthorityFile), ("token", KubernetesServer.AdminToken), ("namespaces", space));
        ends.Add(async () => await provider.StopAsync(CancellationToken.None));
        await provider.StartAsync(Stopping);
        return provider;
    }

    private async Task<ProviderFollower> FollowAsync(IProvider? provider = null)
    {
        var follower = await ProviderFollower.StartAsync(provider ?? await StartAsync(), Stopping);
        ends.Add(follower.DisposeAsync);
        return follower;
    }
}
