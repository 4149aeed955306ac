using Interlook.Bench.Process;
using Interlook.Fixtures;
using Interlook.Fixtures.Kubernetes;

namespace Interlook.Bench.Kubernetes;

/// <summary>The executable with all of <see cref="ManyServices"/> deployed; its entries and leases stay while it is not running.</summary>
internal sealed class DeployedServices : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private bool isDeployed;

    /// <summary>Starts it, with all deployed beforehand.</summary>
    /// <param name="place">Where the cluster is.</param>
    /// <param name="endpoint">Where it is told that the server is.</param>
    /// <param name="resyncInterval">How often it lists and compares everything.</param>
    public async Task<InterlookProcess> StartAsync(ApiPlace place, Uri endpoint, string resyncInterval = "10m")
    {
        if (!isDeployed)
            throw new InvalidOperationException("deploy first");
        return await StartAsync(place, folder, endpoint, resyncInterval);
    }

    /// <summary>Lets it deploy all, unless that is done.</summary>
    public async Task DeployAsync(ApiPlace place)
    {
        if (isDeployed)
            return;
        await using var first = await StartAsync(place, folder, place.Server.Endpoint);
        await first.UntilDeployedAsync(ManyServices.Count);
        isDeployed = true;
    }

    /// <summary>Starts one in a folder.</summary>
    /// <param name="place">Where the cluster is.</param>
    /// <param name="folder">Where its entries and leases are.</param>
    /// <param name="endpoint">Where it is told that the server is.</param>
    /// <param name="resyncInterval">How often it lists and compares everything.</param>
    /// <param name="more">One more setting of the provider.</param>
    public static Task<InterlookProcess> StartAsync(
        ApiPlace place, TemporaryFolder folder, Uri endpoint, string resyncInterval = "10m", string more = "namespaces: []") => InterlookProcess.StartAsync(
        folder.Path, "provider.kubernetes,ipam.ipalloc,status.kubernetes", $$"""
        provider:
          kubernetes:
            endpoint: {{endpoint.AbsoluteUri.TrimEnd('/')}}
            token: {{KubernetesServer.AdminToken}}
            tlsCa: {{place.Server.AuthorityFile}}
            loadBalancerClass: none
            hostTemplate: "{name}.{namespace}.example.org"
            resyncInterval: {{resyncInterval}}
            {{more}}
        ipam:
          ipalloc:
            network_cidr: 10.0.0.0/16
            db_file: {{folder.Path}}/leases.db
        status:
          kubernetes: {}
        """, resyncInterval);

    public void Dispose() => folder.Dispose();
}
