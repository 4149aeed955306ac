using System.Text.Json.Nodes;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Kubernetes;
using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Tests.Kubernetes;
using Interlook.Fixtures.Kubernetes;
using Interlook.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Kubernetes;

/// <summary>The Services' side of the scheduler, at a real API server.</summary>
public sealed class ServiceTests(SharedKubernetes kubernetes)
{
    private static readonly ServiceReading Reading = new();

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Services_are_seen_as_the_scheduler_wants_them()
    {
        var (server, ns) = await StartAsync();
        await CreateAsync(server, ns, "balancer", service => service["spec"]!["loadBalancerIP"] = "192.0.2.9");
        await CreateAsync(server, ns, "auto", service =>
        {
            service["spec"]!["type"] = "ClusterIP";
            service["spec"]!["externalIPs"] = new JsonArray("192.0.2.1", "2001:db8::1");
            service["metadata"]!["annotations"] = new JsonObject { ["external-ip"] = "auto" };
        });
        await using var cluster = Open(server, ns);
        await using var views = new ServiceSource(cluster.Services, Reading).FollowAsync(Stopping).GetAsyncEnumerator(Stopping);
        await views.MoveNextAsync();
        var first = views.Current;
        await server.Api.DeleteAsync($"/api/v1/namespaces/{ns}/services/auto");
        await views.MoveNextAsync();

        var (auto, balancer) = (first.Demands[$"{ns}/auto"], first.Demands[$"{ns}/balancer"]);
        Assert.Equal((false, true, null), (auto.IsBalancer, auto.AsksAuto, auto.AskedAddress));
        Assert.Equal(["192.0.2.1", "2001:db8::1"], auto.ExternalIps);
        Assert.Equal((true, false, "192.0.2.9"), (balancer.IsBalancer, balancer.AsksAuto, balancer.AskedAddress));
        Assert.Equal([$"{ns}/balancer"], views.Current.Demands.Keys);
    }

    [Fact]
    public async Task Addresses_are_written_into_the_Service_and_its_status_beside_what_others_wrote()
    {
        var (server, ns) = await StartAsync();
        var path = await CreateAsync(server, ns, "web", service => service["metadata"]!["annotations"] = new JsonObject { ["note"] = "mine" });
        await server.Api.MergeAsync($"{path}/status", JsonNode.Parse("""{"status":{"loadBalancer":{"ingress":[{"hostname":"web.example.org"}]}}}""")!.AsObject());
        using var api = TestAccess.Open(server);
        await using var cluster = Open(server, ns);
        var view = await ViewAsync(cluster);

        var outcome = await new ServiceWriter(api, Reading).WriteAsync(new($"{ns}/web", ["192.0.2.1", "192.0.2.2"], ["192.0.2.2"]), view, Stopping);

        var service = await server.Api.GetAsync(path);
        Assert.Equal(WriteOutcome.Written, outcome);
        Assert.Equal("""["192.0.2.1","192.0.2.2"]""", service["spec"]!["externalIPs"]!.ToJsonString());
        Assert.Equal("""[{"ip":"192.0.2.2"},{"hostname":"web.example.org"}]""", service["status"]!["loadBalancer"]!["ingress"]!.ToJsonString());
        Assert.Equal("mine", (string)service["metadata"]!["annotations"]!["note"]!);
    }

    [Fact]
    public async Task What_somebody_wrote_since_the_decision_is_not_overwritten()
    {
        var (server, ns) = await StartAsync();
        var path = await CreateAsync(server, ns, "web", _ => { });
        using var api = TestAccess.Open(server);
        await using var cluster = Open(server, ns);
        var view = await ViewAsync(cluster);
        await server.Api.MergeAsync(path, JsonNode.Parse("""{"spec":{"externalIPs":["192.0.2.77"]}}""")!.AsObject());

        var outcome = await new ServiceWriter(api, Reading).WriteAsync(new($"{ns}/web", ["192.0.2.1"], null), view, Stopping);

        Assert.Equal(WriteOutcome.Conflict, outcome);
        Assert.Equal("""["192.0.2.77"]""", (await server.Api.GetAsync(path))["spec"]!["externalIPs"]!.ToJsonString());
    }

    [Fact]
    public async Task A_change_that_says_nothing_of_addresses_does_not_stand_in_the_way()
    {
        var (server, ns) = await StartAsync();
        var path = await CreateAsync(server, ns, "web", _ => { });
        using var api = TestAccess.Open(server);
        await using var cluster = Open(server, ns);
        var view = await ViewAsync(cluster);
        await server.Api.MergeAsync(path, JsonNode.Parse("""{"metadata":{"annotations":{"note":"new"}}}""")!.AsObject());

        var outcome = await new ServiceWriter(api, Reading).WriteAsync(new($"{ns}/web", ["192.0.2.1"], null), view, Stopping);

        Assert.Equal(WriteOutcome.Written, outcome);
        Assert.Equal("new", (string)(await server.Api.GetAsync(path))["metadata"]!["annotations"]!["note"]!);
    }

    [Fact]
    public async Task A_Service_that_was_made_anew_is_another()
    {
        var (server, ns) = await StartAsync();
        var path = await CreateAsync(server, ns, "web", _ => { });
        using var api = TestAccess.Open(server);
        await using var cluster = Open(server, ns);
        var view = await ViewAsync(cluster);
        await server.Api.DeleteAsync(path);
        await CreateAsync(server, ns, "web", _ => { });

        var outcome = await new ServiceWriter(api, Reading).WriteAsync(new($"{ns}/web", ["192.0.2.1"], null), view, Stopping);

        Assert.Equal(WriteOutcome.Missing, outcome);
        Assert.Null((await server.Api.GetAsync(path))["spec"]!["externalIPs"]);
    }

    [Fact]
    public async Task A_refusal_is_told_once_and_again_when_it_comes_back()
    {
        var (server, ns) = await StartAsync();
        await CreateAsync(server, ns, "web", _ => { });
        using var api = TestAccess.Open(server);
        await using var cluster = Open(server, ns);
        var view = await ViewAsync(cluster);
        var events = new RefusalEvents(api, TimeProvider.System, new Random(1), NullLogger<RefusalEvents>.Instance);
        var refusal = new ServiceRefusal($"{ns}/web", Reason.Exhausted, "There is no free IP left in the pool");

        await events.TellAsync([refusal], view, Stopping);
        await events.TellAsync([refusal], view, Stopping);
        var once = await ToldAsync(server, ns);
        await events.TellAsync([], view, Stopping);
        await events.TellAsync([refusal], view, Stopping);
        var twice = await ToldAsync(server, ns);

        Assert.Equal(("Exhausted", "Warning", "web"), ((string)once[0]!["reason"]!, (string)once[0]!["type"]!, (string)once[0]!["involvedObject"]!["name"]!));
        Assert.Single(once);
        Assert.Equal(2, twice.Count);
    }

    [Fact]
    public async Task A_Service_that_waits_says_so_in_its_status_beside_what_others_say_until_it_is_over()
    {
        var (server, ns) = await StartAsync();
        var path = await CreateAsync(server, ns, "web", _ => { });
        await server.Api.MergeAsync(
            $"{path}/status",
            JsonNode.Parse("""
                {"status":{"conditions":[{"type":"example.org/Other","status":"True","reason":"Fine","message":"","observedGeneration":3,"lastTransitionTime":"2024-01-01T00:00:00Z"}]}}
                """)!.AsObject());
        Assert.SkipWhen((await server.Api.GetAsync(path))["status"]?["conditions"] is null, "this API server drops the conditions of Services (before 1.21)");
        using var api = TestAccess.Open(server);
        await using var cluster = Open(server, ns);
        var conditions = new RefusalConditions(api, TimeProvider.System, NullLogger<RefusalConditions>.Instance);
        var refusal = new ServiceRefusal($"{ns}/web", Reason.Exhausted, "There is no free IP left in the pool");

        Assert.True(await conditions.TellAsync([refusal], await ViewAsync(cluster), Stopping));
        var waiting = (await server.Api.GetAsync(path))["status"]!["conditions"]!.AsArray();
        Assert.True(await conditions.TellAsync([refusal], await NewViewAsync(server, ns), Stopping));
        var again = await server.Api.GetAsync(path);
        Assert.True(await conditions.TellAsync([], await NewViewAsync(server, ns), Stopping));
        var over = (await server.Api.GetAsync(path))["status"]!["conditions"]!.AsArray();

        var ours = waiting.Single(each => (string)each!["type"]! == RefusalConditions.ConditionType)!;
        Assert.Equal(("False", "Exhausted", refusal.Message), ((string)ours["status"]!, (string)ours["reason"]!, (string)ours["message"]!));
        Assert.Equal(waiting.ToJsonString(), again["status"]!["conditions"]!.ToJsonString());
        Assert.Equal(("example.org/Other", 3), ((string)Assert.Single(over)!["type"]!, (int)over[0]!["observedGeneration"]!));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(ServiceReading.UsualClass, true)]
    [InlineData("example.org/other", false)]
    public void The_class_of_a_balancer_decides_whose_it_is(string? name, bool isOurs)
    {
        var service = new Extensions.Kubernetes.Objects.Service { Spec = new() { Type = "LoadBalancer", LoadBalancerClass = name } };

        Assert.Equal(isOurs, Reading.Of(service).IsBalancer);
    }

    private async Task<(KubernetesServer Server, string Namespace)> StartAsync()
    {
        var server = await kubernetes.StartedAsync();
        return (server, await kubernetes.CreateNamespaceAsync(server));
    }

    private static async Task<string> CreateAsync(KubernetesServer server, string ns, string name, Action<JsonObject> change)
    {
        var service = KubernetesObjects.Service(ns, name);
        change(service);
        await server.Api.CreateAsync($"/api/v1/namespaces/{ns}/services", service);
        return $"/api/v1/namespaces/{ns}/services/{name}";
    }

    private static Cluster Open(KubernetesServer server, string ns) =>
        new(TestAccess.Of(server), new WatchedPart([ns], "", TimeSpan.FromMinutes(1)), TestContexts.Create("test"));

    private static async Task<ServiceView> ViewAsync(Cluster cluster)
    {
        await using var views = new ServiceSource(cluster.Services, Reading).FollowAsync(Stopping).GetAsyncEnumerator(Stopping);
        await views.MoveNextAsync();
        return views.Current;
    }

    /// <summary>The Services as they are now.</summary>
    private static async Task<ServiceView> NewViewAsync(KubernetesServer server, string ns)
    {
        await using var cluster = Open(server, ns);
        return await ViewAsync(cluster);
    }

    private static async Task<JsonArray> ToldAsync(KubernetesServer server, string ns) =>
        (await server.Api.GetAsync($"/api/v1/namespaces/{ns}/events"))["items"]!.AsArray();
}
