using Interlook.Fixtures;
using Interlook.Fixtures.Kubernetes;

namespace Interlook.EndToEnd.Tests.Kubernetes;

/// <summary>
/// The API servers and the Consul that all tests with Kubernetes share. Each starts with the first test that needs it; an API server knows Interlook's account
/// and its rights.
/// </summary>
public sealed class ClusterServers : IAsyncDisposable
{
    /// <summary>The namespace and the name of Interlook's account in the manifests.</summary>
    internal const string Account = "interlook";

    // With this a server of before 1.21 keeps the conditions of Services.
    private readonly KubernetesServer old = new() { Flags = ["--feature-gates=MixedProtocolLBService=true"] };
    private readonly KubernetesServer modern = new() { Discovery = DiscoveryVersion.V1 };

    /// <summary>Consul.</summary>
    public ConsulAgent Consul { get; } = new();

    /// <summary>The server with a version of discovery, ready, with the rights that the plain manifests give.</summary>
    public async Task<KubernetesServer> StartedAsync(DiscoveryVersion discovery)
    {
        var server = discovery == DiscoveryVersion.V1 ? modern : old;
        await server.StartAsync();
        await GrantAsync(server);
        return server;
    }

    /// <summary>Makes Interlook's account as an operator would, with the rights of the manifests and no others.</summary>
    internal static Task GrantAsync(KubernetesServer server) => server.KubectlAsync(
        ["apply", "-f", Repository.File("deploy", "kubernetes", "namespace.yaml"), "-f", Repository.File("deploy", "kubernetes", "rbac.yaml")]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await old.DisposeAsync();
        await modern.DisposeAsync();
        await Consul.DisposeAsync();
    }
}
