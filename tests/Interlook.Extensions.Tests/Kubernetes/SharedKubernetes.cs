using Interlook.Fixtures.Kubernetes;
using Xunit;

[assembly: AssemblyFixture(typeof(Interlook.Extensions.Tests.Kubernetes.SharedKubernetes))]

namespace Interlook.Extensions.Tests.Kubernetes;

/// <summary>
/// The API servers that all tests share, at the same time: each is started by the first test that needs it. A test that shares one works in a
/// namespace of its own, names its nodes so, and neither stops the server nor forgets its history; one that must starts its own.
/// </summary>
public sealed class SharedKubernetes : IAsyncDisposable
{
    private readonly KubernetesServer old = new();
    private readonly KubernetesServer modern = new() { Discovery = DiscoveryVersion.V1 };
    private int namespaces;

    /// <summary>The server with a version of discovery, ready.</summary>
    public async Task<KubernetesServer> StartedAsync(DiscoveryVersion discovery = DiscoveryVersion.V1Beta1)
    {
        var server = discovery == DiscoveryVersion.V1 ? modern : old;
        await server.StartAsync();
        return server;
    }

    /// <summary>Makes a namespace that nobody else uses.</summary>
    public async Task<string> CreateNamespaceAsync(KubernetesServer server)
    {
        var name = $"test-{Interlocked.Increment(ref namespaces)}";
        await server.CreateNamespaceAsync(name);
        return name;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await old.DisposeAsync();
        await modern.DisposeAsync();
    }
}
