using System.Text.Json.Nodes;
using Interlook.Fixtures;
using Interlook.Fixtures.Kubernetes;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Interlook.Extensions.Tests.Kubernetes.Deployment;

/// <summary>What is under <c>deploy/</c>, on a real API server: it is accepted, and it gives Interlook the rights it needs and no other.</summary>
public sealed class DeploymentTests(SharedKubernetes kubernetes)
{
    private const string Workflow = "config: {core: {workflow: provider.kubernetes}}";

    private static readonly string[] OfServices =
    [
        "create events", "get endpointslices.discovery.k8s.io", "get services", "list endpointslices.discovery.k8s.io", "list services",
        "patch services/status", "watch endpointslices.discovery.k8s.io", "watch services",
    ];

    private static readonly string[] OfNodes = ["get nodes", "list nodes", "watch nodes"];

    private static readonly string[] All = [.. OfServices.Concat(OfNodes).Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData(Workflow)]
    [InlineData("""
        config: {core: {workflow: [provider.kubernetes, ipam.ipalloc], listenPort: 9000}, ipam: {ipalloc: {network_cidr: 192.0.2.0/24}}}
        image: {repository: registry.example.org/interlook, tag: "1", pullPolicy: Always}
        imagePullSecrets: [{name: registry}]
        env: [{name: CONSUL_TOKEN, valueFrom: {secretKeyRef: {name: interlook, key: consul}}}]
        envFrom: [{secretRef: {name: interlook}}]
        serviceAccount: {annotations: {a: b}}
        persistence: {storageClassName: fast, size: 2Gi}
        networkPolicy:
          enabled: true
          from: [{namespaceSelector: {matchLabels: {name: monitoring}}}]
          apiServer: {to: [{ipBlock: {cidr: 192.0.2.1/32}}]}
          egress: [{to: [{ipBlock: {cidr: 198.51.100.0/24}}], ports: [{port: 443}]}]
        lowPorts: true
        hostNetwork: true
        podAnnotations: {a: b}
        nodeSelector: {disk: fast}
        tolerations: [{key: a, operator: Exists}]
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Exists}]}]}}}
        """)]
    [InlineData($"{Workflow}\npersistence: {{enabled: false}}\nrbac: {{create: false}}\nserviceAccount: {{create: false}}\nnetworkPolicy: {{enabled: true}}")]
    public async Task The_server_accepts_the_chart(string values)
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);

        var chart = await Chart.RenderAsync("web", ns, values);
        await server.KubectlAsync(["apply", "--dry-run=server", "-f", "-"], chart);

        Assert.DoesNotContain("<no value>", chart, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_monitor_is_made_when_it_is_asked_for()
    {
        var chart = await Chart.RenderAsync("web", "a", $"{Workflow}\nserviceMonitor: {{enabled: true, labels: {{release: prometheus}}}}");

        var monitor = Assert.Single(Manifest.Documents(chart), document => Text(document, "kind") == "ServiceMonitor");
        Assert.Equal("prometheus", Text(monitor, "metadata", "labels", "release"));
    }

    [Fact]
    public async Task The_chart_asks_for_a_workflow()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Chart.RenderAsync("web", "a", ""));

        Assert.Contains("config.core.workflow is not set", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DiscoveryVersion.V1Beta1)]
    [InlineData(DiscoveryVersion.V1)]
    public async Task The_charts_account_may_what_it_needs_in_every_namespace_and_nothing_else(DiscoveryVersion discovery)
    {
        var server = await kubernetes.StartedAsync(discovery);
        var ns = await kubernetes.CreateNamespaceAsync(server);
        await server.KubectlAsync(["apply", "-f", "-"], await Chart.RenderAsync("interlook", ns, Workflow));

        var token = await server.CreateServiceAccountTokenAsync(ns, "interlook");

        Assert.Equal(All, await Rights.OfAsync(server, token, ""));
        Assert.Equal(All, await Rights.OfAsync(server, token, "kube-system"));
    }

    [Fact]
    public async Task With_namespaces_given_the_account_may_nothing_elsewhere_but_read_nodes()
    {
        var server = await kubernetes.StartedAsync();
        var (ns, watched) = (await kubernetes.CreateNamespaceAsync(server), await kubernetes.CreateNamespaceAsync(server));
        await server.KubectlAsync(["apply", "-f", "-"], await Chart.RenderAsync("interlook", ns, $"{Workflow}\nnamespaces: [{watched}]"));

        var token = await server.CreateServiceAccountTokenAsync(ns, "interlook");

        Assert.Equal(All, await Rights.OfAsync(server, token, watched));
        Assert.Equal(OfNodes, await Rights.OfAsync(server, token, ns));
        Assert.Equal(OfNodes, await Rights.OfAsync(server, token, ""));
    }

    [Fact]
    public async Task The_provider_watches_the_namespaces_given_unless_it_is_told_otherwise()
    {
        var given = await Chart.RenderAsync("web", "a", $"{Workflow}\nnamespaces: [b, c]");
        var told = await Chart.RenderAsync(
            "web", "a", "config: {core: {workflow: provider.kubernetes}, provider: {kubernetes: {namespaces: [b]}}}\nnamespaces: [b, c]");

        Assert.Equal("[ b, c ]", Configuration(given)["provider"]["kubernetes"]["namespaces"].ToString());
        Assert.Equal("[ b ]", Configuration(told)["provider"]["kubernetes"]["namespaces"].ToString());
    }

    [Fact]
    public async Task What_is_shipped_waits_at_the_start_for_systems_that_come_up_later()
    {
        var chart = await Chart.RenderAsync("web", "a", Workflow);
        var plain = await File.ReadAllTextAsync(Repository.File("deploy", "kubernetes", "configuration.yaml"), TestContext.Current.CancellationToken);

        Assert.Equal("true", Configuration(chart)["core"]["waitAtStart"].ToString());
        Assert.Equal("true", Configuration(plain)["core"]["waitAtStart"].ToString());
    }

    [Fact]
    public async Task Rights_that_are_not_wanted_are_not_given()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        var values = $"{Workflow}\nnamespaces: [{ns}]\nrbac: {{nodes: false, status: false, events: false}}";
        await server.KubectlAsync(["apply", "-f", "-"], await Chart.RenderAsync("interlook", ns, values));

        var token = await server.CreateServiceAccountTokenAsync(ns, "interlook");

        Assert.Equal(
            OfServices.Except(["create events", "patch services/status"]), await Rights.OfAsync(server, token, ns));
        Assert.Empty(await Rights.OfAsync(server, token, ""));
    }

    [Fact]
    public async Task The_charts_account_can_do_what_the_rights_are_for()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        await server.KubectlAsync(["apply", "-f", "-"], await Chart.RenderAsync("interlook", ns, Workflow));
        var account = server.As(await server.CreateServiceAccountTokenAsync(ns, "interlook"));
        await server.Api.CreateAsync($"/api/v1/namespaces/{ns}/services", KubernetesObjects.Service(ns, "web"));
        var status = KubernetesObjects.Named("v1", "Service", ns, "web");
        status["status"] = JsonNode.Parse("""{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]}}""");
        var said = KubernetesObjects.Named("v1", "Event", ns, "web.1");
        said["involvedObject"] = new JsonObject { ["kind"] = "Service", ["namespace"] = ns, ["name"] = "web" };

        var (applied, answer) = await account.SendAsync(
            HttpMethod.Patch, $"/api/v1/namespaces/{ns}/services/web/status?fieldManager=interlook", status, "application/apply-patch+yaml");
        await account.CreateAsync($"/api/v1/namespaces/{ns}/events", said);
        var (changed, _) = await account.SendAsync(HttpMethod.Patch, $"/api/v1/namespaces/{ns}/services/web", new JsonObject(), "application/merge-patch+json");

        Assert.True(applied == System.Net.HttpStatusCode.OK, answer);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, changed);
        Assert.Contains("192.0.2.1", (await account.GetAsync("/api/v1/services")).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_plain_manifests_are_accepted_and_give_the_same_rights()
    {
        var server = await kubernetes.StartedAsync();
        var folder = Repository.File("deploy", "kubernetes");

        // The namespace comes first; within the folder it would come after what is in it.
        await server.KubectlAsync(["apply", "-f", Path.Combine(folder, "namespace.yaml"), "-f", folder]);
        var token = await server.CreateServiceAccountTokenAsync("interlook", "interlook");

        Assert.Equal(All, await Rights.OfAsync(server, token, ""));
    }

    [Fact]
    public async Task A_pod_of_the_manifests_runs_as_one_of_the_chart()
    {
        var chart = Manifest.Documents(await Chart.RenderAsync("interlook", "interlook", Workflow)).Single(document => Text(document, "kind") == "Deployment");
        var plain = Manifest.Documents(await File.ReadAllTextAsync(Repository.File("deploy", "kubernetes", "deployment.yaml"), TestContext.Current.CancellationToken))
            .Single(document => Text(document, "kind") == "Deployment");

        foreach (var part in (string[])["securityContext", "volumes", "terminationGracePeriodSeconds"])
            Assert.Equal(Manifest.Pod(chart)[part], Manifest.Pod(plain)[part]);
        var (inChart, inPlain) = (Container(chart), Container(plain));
        foreach (var part in (string[])["securityContext", "livenessProbe", "readinessProbe", "resources", "volumeMounts", "ports", "env", "image"])
            Assert.Equal(inChart[part], inPlain[part]);
    }

    [Fact]
    public async Task The_schema_names_every_value_and_no_other()
    {
        var values = Manifest.Documents(await File.ReadAllTextAsync(Path.Combine(Chart.Folder, "values.yaml"), TestContext.Current.CancellationToken)).Single();
        var schema = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Chart.Folder, "values.schema.json"), TestContext.Current.CancellationToken))!;
        var readme = await File.ReadAllTextAsync(Path.Combine(Chart.Folder, "README.md"), TestContext.Current.CancellationToken);

        var named = Members(values, schema, "").ToList();

        Assert.Equal([], named.Where(name => !readme.Contains($"`{name}`", StringComparison.Ordinal)));
    }

    // Every value that is no map of others in the schema; what the schema lets open (config, resources) is one value.
    private static IEnumerable<string> Members(YamlMappingNode values, JsonNode schema, string path)
    {
        var known = schema["properties"]!.AsObject().Select(property => property.Key).Where(name => name != "global").Order(StringComparer.Ordinal);
        Assert.Equal(known, values.Children.Keys.Select(key => key.ToString()).Order(StringComparer.Ordinal));
        foreach (var (key, value) in values.Children)
        {
            var (name, inner) = ($"{path}{key}", schema["properties"]![key.ToString()]!);
            if (inner["additionalProperties"] is null)
            {
                yield return name;
                continue;
            }
            foreach (var member in Members((YamlMappingNode)value, inner, name + "."))
                yield return member;
        }
    }

    private static YamlMappingNode Configuration(string chart) =>
        Manifest.Documents(Text(Manifest.Documents(chart).Single(document => Text(document, "kind") == "ConfigMap"), "data", "interlook.yml")).Single();

    private static YamlNode Container(YamlNode deployment) => Manifest.Pod(deployment)["containers"][0];

    private static string Text(YamlNode document, params string[] path) => path.Aggregate(document, (node, name) => node[name]).ToString();
}
