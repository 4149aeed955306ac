using Interlook.Extensions.Kubernetes.Answering;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Publishing;

namespace Interlook.Extensions.Kubernetes;

/// <summary>What this folder adds to Interlook.</summary>
public static class KubernetesExtensions
{
    /// <summary>The provider for the Services of a cluster.</summary>
    public const string Provider = "provider.kubernetes";

    /// <summary>The step that writes back to the Services.</summary>
    public const string Status = "status.kubernetes";

    /// <summary>Adds <c>provider.kubernetes</c> and <c>status.kubernetes</c>.</summary>
    public static ExtensionCatalog AddKubernetes(this ExtensionCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog
            .Add(Provider, KubernetesOptions.Schema, Watch)
            .Add(Status, KubernetesStatusOptions.Schema, Answer);
    }

    private static KubernetesProvider Watch(KubernetesOptions options, ExtensionContext context)
    {
        var clusters = context.Shared.Of(() => new Clusters());
        clusters.Offer(options, options.Watched);
        context.Shared.Of(() => new OfferedClass()).Name = options.LoadBalancerClass;
        return new(options, Open, context);

        (ICluster, IAsyncDisposable) Open()
        {
            var hold = clusters.Hold(options, options.Watched, context);
            return (hold.Cluster, hold);
        }
    }

    private static KubernetesStatusProvisioner Answer(KubernetesStatusOptions options, ExtensionContext context)
    {
        var (clusters, offered) = (context.Shared.Of(() => new Clusters()), context.Shared.Of(() => new OfferedClass()));
        return new(
            options,
            service => PublishingRules.IsOfClass(service, options.LoadBalancerClass ?? offered.Name ?? PublishingRules.DefaultClass),
            Open, context);

        (ICluster, IStatusServer, IAsyncDisposable) Open()
        {
            var hold = clusters.Hold(options, options.Watched, context);
            return (hold.Cluster, new ApiStatusServer(hold.Cluster.Api, context.Time), hold);
        }
    }

    /// <summary>The class of the provider's Services, for the step that has none of its own.</summary>
    private sealed class OfferedClass
    {
        /// <summary>Null while there is no provider. Set before anything starts.</summary>
        internal string? Name { get; set; }
    }
}
