using System.Net;
using System.Text.Json.Nodes;
using Interlook.Fixtures.Kubernetes;
using Xunit;

namespace Interlook.EndToEnd.Tests.Kubernetes;

/// <summary>
/// The executable with the rights of the manifests at a real API server: what <c>kubectl</c> does there is what clients, Consul, HAProxy and the
/// Services' statuses get.
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed class KubernetesSiteTests(ClusterServers clusters) : IAsyncLifetime
{
    private readonly List<WebTarget> pods = [];
    private KubernetesSite? opened;

    public static TheoryData<DiscoveryVersion> Versions => [DiscoveryVersion.V1Beta1, DiscoveryVersion.V1];

    private KubernetesSite Site => opened ?? throw new InvalidOperationException("the site was not opened");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (opened is not null)
            await opened.DisposeAsync();
        foreach (var pod in pods)
            await pod.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_kubectl_does_to_a_service_and_its_endpoints_reaches_clients_and_its_status_while_others_miss_nothing(DiscoveryVersion version)
    {
        await OpenAsync(version);
        await RunPodsAsync("127.0.2.1", "127.0.2.2", "127.0.2.3");
        var interlook = await Site.StartInterlookAsync();
        await ApplyAsync(Site.Space, "still", "127.0.2.3");
        var still = Site.Wanted("still", "127.0.2.3");
        await Site.SettleAsync(interlook, still);
        var shop = Site.Wanted("shop", "127.0.2.1");

        await ApplyAsync(Site.Space, "shop", "127.0.2.1");
        var address = await Site.AnswersAsync(shop.Hosts, "127.0.2.1");
        await Site.AgreesAsync(interlook, still, shop);
        await Site.ApplyAsync(Site.Slice(Site.Space, "shop", "127.0.2.1", "127.0.2.2"));
        await Site.AnswersAsync(shop.Hosts, "127.0.2.1", "127.0.2.2");
        await Site.KubectlAsync(
            "patch", "endpointslice", "shop", "--type", "json", "-p", """[{"op": "replace", "path": "/endpoints/0/conditions/ready", "value": false}]""");
        Assert.Equal(address, await Site.AnswersAsync(shop.Hosts, "127.0.2.2"));
        await Site.KubectlAsync("annotate", "service", "shop", "interlook.hosts=store.example.org,www.example.org");
        Assert.Equal(address, await Site.AnswersAsync("store.example.org", "127.0.2.2"));
        var store = shop with { Hosts = "store.example.org www.example.org", Targets = Site.Targets("127.0.2.2") };
        await Site.AgreesAsync(interlook, still, store);
        Assert.Empty(await Site.ResolveAsync(shop.Hosts));
        await Site.Server.KubectlAsync(
            ["replace", "--force", "-f", "-"], KubernetesObjects.Service(Site.Space, "shop").ToJsonString()); // removed, and made anew without the annotation
        await Site.AgreesAsync(interlook, still, shop with { Targets = store.Targets });
        address = await Site.AnswersAsync(shop.Hosts, "127.0.2.2");
        await Site.KubectlAsync("delete", "service", "shop");

        await Site.IsGoneAsync(shop.Hosts, address);
        await Site.AgreesAsync(interlook, still);
        await Site.HasEventAsync("shop", "Deployed", address);
        await Site.HasEventAsync("shop", "Withdrawn");
        Assert.Empty(Site.Observer.Losses);
        Assert.InRange(Site.Observer.Looks, 10, int.MaxValue);
    }

    [Fact]
    public async Task Node_ports_are_targets_on_the_nodes_that_kubectl_leaves_in_service()
    {
        await OpenAsync();
        Site.Provider = "targetMode: nodeport";
        var interlook = await Site.StartInterlookAsync();
        await Site.ApplyAsync([KubernetesObjects.Node("n1", "10.9.0.1"), KubernetesObjects.Node("n2", "10.9.0.2"), KubernetesObjects.Node("n3", "10.9.0.3")]);
        await Site.ApplyAsync(
            KubernetesObjects.Service(Site.Space, "shop", "NodePort"),
            KubernetesObjects.Slice(Site.Server.Discovery, Site.Space, "shop", "shop", [new("10.1.0.1", Node: "n1"), new("10.1.0.2", Node: "n1"), new("10.2.0.1", Node: "n2")]));
        var port = await Site.KubectlAsync("get", "service", "shop", "-o", "jsonpath={.spec.ports[0].nodePort}");

        await Site.KubectlAsync("label", "service", "shop", "interlook.hosts=shop.example.org", "interlook.port=80");
        await AgreesAsync(interlook, $"10.9.0.1:{port}*2 10.9.0.2:{port}");
        await Site.KubectlAsync("label", "node", "n2", "node.kubernetes.io/exclude-from-external-load-balancers=");
        await AgreesAsync(interlook, $"10.9.0.1:{port}*2");
        await Site.KubectlAsync("label", "node", "n2", "node.kubernetes.io/exclude-from-external-load-balancers-");
        await Site.KubectlAsync("taint", "node", "n1", "ToBeDeletedByClusterAutoscaler=1:NoSchedule");
        await AgreesAsync(interlook, $"10.9.0.2:{port}");
        await Site.KubectlAsync("delete", "node", "n2");
        await AgreesAsync(interlook, $"10.9.0.3:{port}"); // no node is left that has endpoints and takes traffic: the others pass it on
        await Site.KubectlAsync("taint", "node", "n1", "ToBeDeletedByClusterAutoscaler-");
        await AgreesAsync(interlook, $"10.9.0.1:{port}*2");
        await Site.KubectlAsync("label", "service", "shop", "interlook.hosts-");

        await Site.AgreesAsync(interlook);
        await Site.HasEventAsync("shop", "Deployed", "shop.example.org");
        await Site.HasEventAsync("shop", "Withdrawn");
    }

    [Fact]
    public async Task Services_of_one_name_in_two_namespaces_are_two_services()
    {
        await OpenAsync();
        await RunPodsAsync("127.0.2.1", "127.0.2.2");
        var interlook = await Site.StartInterlookAsync();
        var one = Site.Wanted("shop", "127.0.2.1");
        var two = new WantedService($"{Site.OtherSpace}/shop", $"shop.{Site.OtherSpace}.example.org", Site.Targets("127.0.2.2"));

        await ApplyAsync(Site.Space, "shop", "127.0.2.1");
        await ApplyAsync(Site.OtherSpace, "shop", "127.0.2.2");
        var addresses = await Site.SettleAsync(interlook, one, two);
        var first = await Site.AnswersAsync(one.Hosts, "127.0.2.1");
        await Site.AnswersAsync(two.Hosts, "127.0.2.2");
        Site.Observer.Release(one.Name);
        await Site.KubectlAsync("delete", "service,endpointslice", "shop");

        await Site.IsGoneAsync(one.Hosts, first);
        await Site.AgreesAsync(interlook, two);
        await Site.AnswersAsync(two.Hosts, "127.0.2.2");
        Assert.NotEqual(addresses[one.Name], addresses[two.Name]);
        Assert.Empty(Site.Observer.Losses);
    }

    [Fact]
    public async Task A_service_without_an_address_left_says_so_on_itself_until_one_is_free()
    {
        await OpenAsync();
        Site.Addresses = 1;
        var interlook = await Site.StartInterlookAsync();
        await ApplyAsync(Site.Space, "first", "127.0.2.1");
        await Site.SettleAsync(interlook, Site.Wanted("first", "127.0.2.1"));
        Assert.Equal("True Deployed", await ConditionAsync("first"));

        await ApplyAsync(Site.Space, "second", "127.0.2.2");
        await Site.HasEventAsync("second", "DeployFailed", "Exhausted at ipam.ipalloc");
        await KubernetesSite.WaitAsync(() => "the condition says why", async () => await ConditionAsync("second") == "False Exhausted");
        Assert.Empty(Site.Observer.Losses);
        Site.Observer.Release(Site.Wanted("first").Name);
        await Site.KubectlAsync("delete", "service", "first");

        await Site.AgreesAsync(interlook, Site.Wanted("second", "127.0.2.2"));
        await KubernetesSite.WaitAsync(() => "the condition says it is published", async () => await ConditionAsync("second") == "True Deployed");
        await Site.HasEventAsync("second", "Deployed", Site.Prefix);
        Assert.Equal(["DeployFailed", "Deployed"], (await Site.EventsAsync("second")).Select(said => said.Reason).Distinct());
    }

    [Theory]
    [InlineData("targetMode: pod", "a label that asks")]
    [InlineData("targetMode: pod\nlabelSelector: [interlook.hosts]", "a label that asks and that selects")]
    public async Task A_service_that_loses_its_labels_is_taken_back_everywhere_its_status_included(string provider, string what)
    {
        await OpenAsync();
        (Site.Provider, Site.Status) = (provider, """{ loadBalancerClass: none }""");
        var interlook = await Site.StartInterlookAsync();
        foreach (var name in (string[])["shop", "still"])
        {
            await ApplyAsync(Site.Space, name, "127.0.2.1");
            await Site.KubectlAsync("label", "service", name, $"interlook.hosts={name}.example.org");
        }
        WantedService[] wanted = [.. new[] { "shop", "still" }.Select(name => Site.Wanted(name, "127.0.2.1") with { Hosts = $"{name}.example.org" })];
        var addresses = await Site.SettleAsync(interlook, wanted);

        Site.Observer.Release(wanted[0].Name);
        await Site.KubectlAsync("label", "service", "shop", "interlook.hosts-");

        await Site.AgreesAsync(interlook, wanted[1]);
        await Site.IsGoneAsync(wanted[0].Hosts, addresses[wanted[0].Name]);
        await Site.HasEventAsync("shop", "Withdrawn");
        Assert.True(await ConditionAsync("shop") == "", what);
        Assert.Empty(Site.Observer.Losses);
    }

    [Fact]
    public async Task The_status_of_a_service_that_another_load_balancer_or_none_serves_is_not_touched()
    {
        await OpenAsync();
        Site.Provider = "targetMode: pod"; // and the class interlook.io/lb, which this server knows of no Service
        await Site.ApplyAsync(
            Asking("theirs", "LoadBalancer"), Site.Slice(Site.Space, "theirs", "127.0.2.1"),
            Asking("ports", "NodePort"), Site.Slice(Site.Space, "ports", "127.0.2.1"));
        await Site.Server.Api.MergeAsync(
            $"/api/v1/namespaces/{Site.Space}/services/theirs/status", JsonNode.Parse("""{"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]}}}""")!.AsObject());
        var before = await ServicesAsync();

        var interlook = await Site.StartInterlookAsync();
        await KubernetesSite.WaitAsync(() => "both are published", async () => (await interlook.EntriesAsync()).Values.Count(entry => entry.IsAtRest) == 2);
        await Site.HasEventAsync("theirs", "Deployed");
        await Site.HasEventAsync("ports", "Deployed");
        await Site.KubectlAsync("delete", "endpointslices", "--all");
        await KubernetesSite.WaitAsync(
            () => "both have no targets", async () => (await interlook.EntriesAsync()).Values.Count(entry => entry is { IsAtRest: true, Targets.Count: 0 }) == 2);

        Assert.Equal(before, await ServicesAsync());
        Assert.DoesNotContain(Site.Proxy.Calls, call => call.IsWrite && call.Resource != "events");
    }

    private static JsonObject Named(JsonObject service, string host)
    {
        service["metadata"]!["annotations"] = new JsonObject { ["interlook.hosts"] = host };
        return service;
    }

    private async Task OpenAsync(DiscoveryVersion version = DiscoveryVersion.V1Beta1) => opened = await KubernetesSite.OpenAsync(clusters, version);

    /// <summary>Web servers at these addresses, each of which answers with its address.</summary>
    private async Task RunPodsAsync(params IEnumerable<string> addresses)
    {
        foreach (var address in addresses)
            pods.Add(await WebTarget.StartAsync(address, at: new IPEndPoint(IPAddress.Parse(address), Site.PodPort)));
    }

    private Task ApplyAsync(string space, string name, params IEnumerable<string> addresses) =>
        Site.ApplyAsync(KubernetesObjects.Service(space, name), Site.Slice(space, name, addresses));

    private JsonObject Asking(string name, string type) => Named(KubernetesObjects.Service(Site.Space, name, type), $"{name}.example.org");

    /// <summary>Waits until the Service of node ports is published with these targets, and its status says nothing.</summary>
    private async Task AgreesAsync(InterlookDaemon interlook, string targets) =>
        await Site.AgreesAsync(interlook, new WantedService($"{Site.Space}/shop", "shop.example.org", targets, HasStatus: false));

    /// <summary>Status and reason of our condition; empty without one.</summary>
    private async Task<string> ConditionAsync(string service)
    {
        var status = JsonNode.Parse(await Site.KubectlAsync("get", "service", service, "-o", "json"))!["status"]!;
        var condition = (status["conditions"]?.AsArray() ?? []).SingleOrDefault(each => (string?)each!["type"] == "interlook.io/Published");
        return condition is null ? "" : $"{condition["status"]} {condition["reason"]}";
    }

    /// <summary>The Services, to the last character.</summary>
    private async Task<string> ServicesAsync() => (await Site.Server.Api.GetAsync($"/api/v1/namespaces/{Site.Space}/services"))["items"]!.ToJsonString();
}
