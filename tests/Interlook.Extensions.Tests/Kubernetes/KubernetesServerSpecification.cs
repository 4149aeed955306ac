using System.Text.Json.Nodes;
using Interlook.Extensions.Kubernetes;
using Interlook.Fixtures.Kubernetes;
using Interlook.Providers;
using Interlook.Specification;

namespace Interlook.Extensions.Tests.Kubernetes;

/// <summary>What every provider must show, for <c>provider.kubernetes</c> on a real API server, in a namespace of its own.</summary>
public sealed class KubernetesServerSpecification(SharedKubernetes shared) : ProviderSpecification
{
    private KubernetesServer server = null!;
    private KubernetesProxy proxy = null!;
    private string space = "";

    protected override string ProviderName => KubernetesExtensions.Provider;

    // The longest name that a Service may have (RFC 1035 section 2.3.4, as Kubernetes applies it).
    protected override string OddName => $"a{new string('-', 61)}z";

    private string Services => $"/api/v1/namespaces/{space}/services";

    public override async ValueTask InitializeAsync()
    {
        server = await shared.StartedAsync();
        space = await shared.CreateNamespaceAsync(server);
        await server.Api.CreateAsync("/api/v1/nodes", KubernetesObjects.Node($"{space}-node", "10.0.0.1"));
        proxy = await KubernetesProxy.StartAsync(server);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await proxy.DisposeAsync();
        await server.Api.DeleteAsync($"/api/v1/nodes/{space}-node");
    }

    protected override string Published(string name) => $"{space}/{name}";

    // As the host makes it: by its name, from texts.
    protected override IProvider Create() => KubernetesContext.Create<IProvider>(
        ProviderName,
        ("endpoint", proxy.Endpoint.ToString()), ("tlsCa", server.AuthorityFile), ("token", KubernetesServer.AdminToken), ("namespaces", space));

    protected override async Task PublishAsync(string name, string hostName)
    {
        var (status, _) = await server.Api.SendAsync(HttpMethod.Get, $"{Services}/{name}");
        if (status == System.Net.HttpStatusCode.OK)
        {
            await server.Api.MergeAsync($"{Services}/{name}", new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["interlook.hosts"] = hostName } } });
            return;
        }
        // The slice of a Service that went stays here: nothing in this cluster looks after it.
        await server.Api.SendAsync(
            HttpMethod.Post, server.SlicesPath(space),
            KubernetesObjects.Slice(server.Discovery, space, name, name, [new SliceEndpoint("10.1.0.1", Node: $"{space}-node")]));
        await server.Api.CreateAsync(Services, KubernetesObjects.Service(space, name, "NodePort", [("interlook.hosts", hostName)]));
    }

    protected override Task RemoveAsync(string name) => server.Api.DeleteAsync($"{Services}/{name}");

    protected override async Task<string> PublishUnusableAsync(string name)
    {
        await server.Api.CreateAsync(
            Services, KubernetesObjects.Service(space, name, "NodePort", [("interlook.hosts", "ok.example.org"), ("interlook.port", "nope")]));
        return $"Service {space}/{name}";
    }

    protected override Task RemoveUnusableAsync(string name) => RemoveAsync(name);

    protected override Task StopPlatformAsync() => proxy.StopAsync();

    protected override Task StartPlatformAsync() => proxy.ResumeAsync();
}
