using Interlook.Extensions.Kubernetes;
using Interlook.Extensions.Tests.Kubernetes.Publishing;
using Interlook.Providers;
using Interlook.Specification;

namespace Interlook.Extensions.Tests.Kubernetes;

/// <summary>What every provider must show, for <c>provider.kubernetes</c> on a cluster in memory.</summary>
public sealed class KubernetesProviderSpecification : ProviderSpecification
{
    private readonly MemoryCluster cluster = new();

    protected override string ProviderName => KubernetesExtensions.Provider;

    // The longest name that a Service may have (RFC 1035 section 2.3.4, as Kubernetes applies it).
    protected override string OddName => $"a{new string('-', 61)}z";

    protected override string Published(string name) => $"{Given.Space}/{name}";

    public override ValueTask InitializeAsync()
    {
        cluster.Nodes.Put(Given.ReadyNode("node-1", "10.0.0.1"));
        return ValueTask.CompletedTask;
    }

    protected override IProvider Create() =>
        new KubernetesProvider(new KubernetesOptions(), () => (cluster, cluster), TestContexts.Create(ProviderName));

    protected override Task PublishAsync(string name, string hostName)
    {
        cluster.Slices.Put(Given.Slice(name, 8080, Given.At("10.1.0.1", "node-1")));
        cluster.Services.Put(Given.Labelled(name).WithLabels((Given.Hosts, hostName), (Given.Port, "80")));
        return Task.CompletedTask;
    }

    protected override Task RemoveAsync(string name)
    {
        cluster.Services.Remove(new Extensions.Kubernetes.Objects.ObjectName(Given.Space, name));
        return Task.CompletedTask;
    }

    protected override Task<string> PublishUnusableAsync(string name)
    {
        cluster.Services.Put(Given.Labelled(name).WithLabels((Given.Hosts, "ok.example.org"), (Given.Port, "http")));
        return Task.FromResult($"Service {Given.Space}/{name}");
    }

    protected override Task RemoveUnusableAsync(string name) => RemoveAsync(name);

    protected override Task StopPlatformAsync()
    {
        cluster.Stop();
        return Task.CompletedTask;
    }

    protected override Task StartPlatformAsync()
    {
        cluster.Start();
        return Task.CompletedTask;
    }
}
