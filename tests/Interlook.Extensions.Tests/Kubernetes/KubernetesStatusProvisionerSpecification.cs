using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Interlook.Collections;
using Interlook.Extensions.Kubernetes;
using Interlook.Fixtures;
using Interlook.Fixtures.Kubernetes;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Specification;

namespace Interlook.Extensions.Tests.Kubernetes;

/// <summary>What every provisioner must show, for <c>status.kubernetes</c> on a real API server, in a namespace of its own.</summary>
public sealed class KubernetesStatusProvisionerSpecification(SharedKubernetes shared) : ProvisionerSpecification
{
    private readonly ConcurrentDictionary<string, bool> made = new();
    private KubernetesServer server = null!;
    private KubernetesProxy proxy = null!;
    private string space = "";

    private string Services => $"/api/v1/namespaces/{space}/services";

    public override async ValueTask InitializeAsync()
    {
        server = await shared.StartedAsync();
        space = await shared.CreateNamespaceAsync(server);
        proxy = await KubernetesProxy.StartAsync(server);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await proxy.DisposeAsync();
    }

    protected override ServiceDefinition Define(string service, int number, int revision = 0) => base.Define(service, number, revision) with
    {
        Name = service.StartsWith($"{space}/", StringComparison.Ordinal) ? service : $"{space}/{service}",
        Provider = KubernetesExtensions.Provider,
    };

    protected override IProvisioner Create(string instance) => new WithServices(CreateStatus(instance), EnsureAsync);

    /// <summary>Who reaches which Service, and whose word it is.</summary>
    protected override async Task<IReadOnlyCollection<string>> ReadOutsideAsync()
    {
        var services = (await server.Api.GetAsync(Services))["items"]!.AsArray();
        return
        [
            .. from service in services
               from place in service!["status"]?["loadBalancer"]?["ingress"]?.AsArray() ?? []
               select $"{service["metadata"]!["name"]}: {place!.ToJsonString()}",
        ];
    }

    protected override async Task PlaceForeignAsync(ServiceDefinition definition)
    {
        await EnsureAsync(definition.Name);
        await server.Api.MergeAsync(Path(definition.Name), JsonNode.Parse("""{"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]}}}""")!.AsObject());
    }

    protected override Task RemoveForeignAsync(ServiceDefinition definition) =>
        server.Api.MergeAsync(Path(definition.Name), JsonNode.Parse("""{"status":{"loadBalancer":{"ingress":null}}}""")!.AsObject());

    protected override Task RemoveByHandAsync(ServiceKey key, ServiceDefinition applied) => RemoveForeignAsync(applied);

    protected override async Task<bool> PutsBackAsync(Func<Task<bool>> isBack)
    {
        await Eventually.TrueAsync("the status is back", isBack);
        return true;
    }

    protected override Task StopServerAsync() => proxy.StopAsync();

    protected override Task StartServerAsync() => proxy.ResumeAsync();

    private IProvisioner CreateStatus(string instance) => KubernetesContext.Create<IProvisioner>(
        KubernetesExtensions.Status, instance,
        ("endpoint", proxy.Endpoint.ToString()), ("tlsCa", server.AuthorityFile), ("token", KubernetesServer.AdminToken), ("namespaces", space),
        ("loadBalancerClass", "none")); // this server is older than classes

    private string Path(string name) => $"{Services}/{name[(space.Length + 1)..]}/status";

    /// <summary>The Service is there before anything is said of it.</summary>
    private async Task EnsureAsync(string name)
    {
        if (name.StartsWith($"{space}/", StringComparison.Ordinal) && made.TryAdd(name, true))
        {
            var (status, text) = await server.Api.SendAsync(HttpMethod.Post, Services, KubernetesObjects.Service(space, name[(space.Length + 1)..]));
            if (status is not (HttpStatusCode.Created or HttpStatusCode.UnprocessableEntity)) // a name that Kubernetes does not take has no Service
                throw new InvalidOperationException(text);
        }
    }

    /// <summary>The provisioner, of a cluster that has every Service it is asked about.</summary>
    private sealed class WithServices(IProvisioner inner, Func<string, Task> ensure) : IProvisioner
    {
        public Task StartAsync(CancellationToken stopping) => inner.StartAsync(stopping);

        public Task ResumeAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping) => inner.ResumeAsync(applied, stopping);

        public Task CheckAsync(CancellationToken stopping) => inner.CheckAsync(stopping);

        public Task StopAsync(CancellationToken stopping) => inner.StopAsync(stopping);

        public async Task<ServiceDefinition> DeployAsync(
            ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
        {
            await ensure(desired.Name);
            return await inner.DeployAsync(key, desired, earlier, stopping);
        }

        public Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping) =>
            inner.UndeployAsync(key, earlier, stopping);

        public Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping) =>
            inner.ObserveAsync(applied, stopping);
    }
}
