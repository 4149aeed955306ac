using Interlook.Extensions.Kubernetes.Informing;

namespace Interlook.Extensions.Kubernetes;

/// <summary>What this folder adds to Interlook.</summary>
public static class KubernetesExtensions
{
    /// <summary>The provider for the Services of a cluster.</summary>
    public const string Provider = "provider.kubernetes";

    /// <summary>Adds <c>provider.kubernetes</c>.</summary>
    public static ExtensionCatalog AddKubernetes(this ExtensionCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.Add(Provider, KubernetesOptions.Schema, Watch);
    }

    private static KubernetesProvider Watch(KubernetesOptions options, ExtensionContext context)
    {
        var clusters = context.Shared.Of(() => new Clusters());
        clusters.Offer(options, options.Watched);
        return new(options, Open, context);

        (ICluster, IAsyncDisposable) Open()
        {
            var hold = clusters.Hold(options, options.Watched, context);
            return (hold.Cluster, hold);
        }
    }
}
