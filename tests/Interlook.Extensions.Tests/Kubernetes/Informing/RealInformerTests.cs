using System.Text.Json.Nodes;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Fixtures;
using Interlook.Fixtures.Kubernetes;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes.Informing;

/// <summary>The informers against a real API server.</summary>
public sealed class RealInformerTests(SharedKubernetes kubernetes)
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DiscoveryVersion.V1Beta1)]
    [InlineData(DiscoveryVersion.V1)]
    public async Task What_comes_changes_and_goes_is_followed(DiscoveryVersion discovery)
    {
        var server = await kubernetes.StartedAsync(discovery);
        var ns = await kubernetes.CreateNamespaceAsync(server);
        await server.Api.CreateAsync($"/api/v1/namespaces/{ns}/services", KubernetesObjects.Service(ns, "web"));
        await server.Api.CreateAsync(server.SlicesPath(ns), KubernetesObjects.Slice(discovery, ns, "web", "web-1", [new SliceEndpoint("10.1.2.3", Node: "a")]));
        await using var cluster = Open(server, ns);
        await using var services = cluster.Services.FollowAsync(Stopping).GetAsyncEnumerator(Stopping);
        await services.MoveNextAsync();

        await server.Api.MergeAsync($"/api/v1/namespaces/{ns}/services/web", new JsonObject { ["metadata"] = Annotated() });
        await services.MoveNextAsync();
        var changed = services.Current;
        await server.Api.DeleteAsync($"/api/v1/namespaces/{ns}/services/web");
        await services.MoveNextAsync();
        var gone = services.Current;

        Assert.Equal([new ObjectName(ns, "web")], changed.Changed);
        Assert.Equal("web.example.org", changed.Cache.Find(new(ns, "web"))!.Metadata.Annotations["interlook.hosts"]);
        Assert.Equal([new ObjectName(ns, "web")], gone.Changed);
        Assert.Empty(gone.Cache.Objects);
        await Eventually.TrueAsync("the slice is seen", () => cluster.Slices.Latest?.Objects.Count == 1);
        Assert.Equal("10.1.2.3", cluster.Slices.Latest!.Find(new(ns, "web-1"))!.Endpoints[0].Address);
    }

    [Fact]
    public async Task A_report_of_a_node_that_says_nothing_new_is_no_change()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        await server.Api.CreateAsync("/api/v1/nodes", KubernetesObjects.Node($"{ns}-a", "192.0.2.1"));
        await using var cluster = Open(server, ns);
        await using var nodes = cluster.Nodes.FollowAsync(Stopping).GetAsyncEnumerator(Stopping);
        await nodes.MoveNextAsync();

        await server.Api.MergeAsync($"/api/v1/nodes/{ns}-a/status", Report("2026-05-01T12:00:00Z", "True"));
        await server.Api.MergeAsync($"/api/v1/nodes/{ns}-a/status", Report("2026-05-01T12:00:10Z", "True"));
        await server.Api.MergeAsync($"/api/v1/nodes/{ns}-a/status", Report("2026-05-01T12:00:20Z", "False"));
        CacheChange<Node> change;
        do
        {
            await nodes.MoveNextAsync();
            change = nodes.Current;
        }
        while (!change.Changed!.Contains(new("", $"{ns}-a"))); // other tests have nodes too

        Assert.Equal("False", Assert.Single(change.Cache.Find(new("", $"{ns}-a"))!.Status!.Conditions).Status);
    }

    [Fact]
    public async Task Several_namespaces_are_one_cache_and_others_are_not_in_it()
    {
        var server = await kubernetes.StartedAsync();
        var (one, two, other) = (
            await kubernetes.CreateNamespaceAsync(server), await kubernetes.CreateNamespaceAsync(server), await kubernetes.CreateNamespaceAsync(server));
        foreach (var ns in new[] { one, two, other })
            await server.Api.CreateAsync($"/api/v1/namespaces/{ns}/services", KubernetesObjects.Service(ns, "web"));
        await using var cluster = Open(server, one, two);

        await Eventually.TrueAsync("all is listed", () => cluster.Services.Latest is not null);

        Assert.Equal(new HashSet<ObjectName> { new(one, "web"), new(two, "web") }, cluster.Services.Latest!.Objects.Keys.ToHashSet());
    }

    [Fact]
    public async Task What_went_while_the_server_was_away_and_its_history_was_forgotten_is_gone_and_all_else_stays()
    {
        await using var server = new KubernetesServer();
        await server.StartAsync();
        await server.CreateNamespaceAsync("here");
        foreach (var name in new[] { "a", "b", "c" })
            await server.Api.CreateAsync("/api/v1/namespaces/here/services", KubernetesObjects.Service("here", name));
        await using var cluster = Open(server, "here");
        await Eventually.TrueAsync("all is listed", () => cluster.Services.Latest?.Objects.Count == 3);
        await using var services = cluster.Services.FollowAsync(Stopping).GetAsyncEnumerator(Stopping);
        await services.MoveNextAsync();

        await server.KillAsync();
        await Eventually.TrueAsync("it is seen that the server is away", () => cluster.Services.Failure is not null);
        var away = cluster.Services.Latest!.Objects.Count;
        await server.StartAsync();
        await server.Api.DeleteAsync("/api/v1/namespaces/here/services/b");
        await services.MoveNextAsync();

        Assert.Equal(3, away);
        Assert.Contains(new ObjectName("here", "b"), services.Current.Changed!);
        Assert.Equal(["a", "c"], services.Current.Cache.Objects.Keys.Select(name => name.Name).Order());
        await Eventually.TrueAsync("it is seen that the server is back", () => cluster.Services.Failure is null);
    }

    [Fact]
    public async Task A_resync_asks_the_servers_memory_also_when_only_other_kinds_changed_meanwhile()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        await server.Api.CreateAsync($"/api/v1/namespaces/{ns}/services", KubernetesObjects.Service(ns, "web"));
        await server.Api.CreateAsync(server.SlicesPath(ns), KubernetesObjects.Slice(DiscoveryVersion.V1Beta1, ns, "web", "web-1", []));
        await using var proxy = await KubernetesProxy.StartAsync(server);
        var time = new ManualTimeProvider();
        var watched = new WatchedPart([ns], "", TimeSpan.FromMinutes(1));
        await using var cluster = new Cluster(TestAccess.Of(server) with { Endpoint = proxy.Endpoint }, watched, TestContexts.Create("provider.kubernetes", time: time));
        await Eventually.TrueAsync("all is listed and watched", () => cluster.Services.Latest is not null && Calls("watch=true") == 1);

        time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync("it is watched again", () => Calls("watch=true") == 2);

        Assert.Equal(1, Calls("resourceVersionMatch=NotOlderThan"));
        Assert.Equal(1, Calls("limit="));
        Assert.Null(cluster.Services.Failure);

        int Calls(string part) => proxy.Calls.Count(call => call.Path.Contains("/services?", StringComparison.Ordinal) && call.Path.Contains(part, StringComparison.Ordinal));
    }

    private static Cluster Open(KubernetesServer server, params string[] namespaces) => new(
        TestAccess.Of(server), new WatchedPart([.. namespaces], "", TimeSpan.FromMinutes(10)), TestContexts.Create("provider.kubernetes"));

    private static JsonObject Annotated() => new() { ["annotations"] = new JsonObject { ["interlook.hosts"] = "web.example.org" } };

    private static JsonObject Report(string heartbeat, string ready) => new()
    {
        ["status"] = new JsonObject
        {
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = ready, ["lastHeartbeatTime"] = heartbeat }),
        },
    };
}
