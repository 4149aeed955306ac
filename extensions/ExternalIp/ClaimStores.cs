using Interlook.Extensions.ExternalIp.Etcd;
using Interlook.Extensions.ExternalIp.Kubernetes;
using Interlook.Extensions.Kubernetes.Access;
using Interlook.Extensions.Kubernetes.Calls;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp;

/// <summary>The one place that knows where claims can be.</summary>
internal static class ClaimStores
{
    /// <summary>The longest wait for one answer of an API server: a step is in no hurry.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Resync = TimeSpan.FromMinutes(1);

    /// <exception cref="ExtensionException">The settings cannot be used.</exception>
    internal static OpenClaims Open(ExternalIpOptions options, ExtensionContext context) =>
        options.Claims == ExternalIpOptions.InKubernetes ? InKubernetes(options, context) : InEtcd(options, context);

    /// <summary>Claims in etcd.</summary>
    /// <param name="options">Where.</param>
    /// <param name="patience">The longest wait for one answer; null: etcd's usual one.</param>
    /// <param name="context">Clock, loggers.</param>
    internal static EtcdClaimStore InEtcd(EtcdClaimOptions options, TimeSpan? patience, ExtensionContext context) =>
        new(options, patience, context.Time, context.Loggers, context.IsReadOnly);

    /// <summary>Claims in Kubernetes.</summary>
    /// <param name="api">Where.</param>
    /// <param name="patience">The longest wait for one answer.</param>
    /// <param name="resync">How often everything is listed anew.</param>
    /// <param name="context">Clock, loggers.</param>
    internal static KubernetesClaimStore InKubernetes(ApiServer api, TimeSpan patience, TimeSpan resync, ExtensionContext context) =>
        new(api, patience, resync, context.Time, context.Loggers.CreateLogger<KubernetesClaimStore>());

    /// <summary>How the API server is reached.</summary>
    /// <exception cref="ExtensionException">It cannot be found out.</exception>
    internal static ClusterAccess AccessTo(KubernetesConnectionOptions options, ExtensionContext context) =>
        AccessSearch.Find(options, Surroundings.Process, context.Time);

    private static OpenClaims InEtcd(ExternalIpOptions options, ExtensionContext context)
    {
        var store = InEtcd(options, patience: null, context);
        return new(store, options.System, store);
    }

    private static OpenClaims InKubernetes(ExternalIpOptions options, ExtensionContext context)
    {
        var access = AccessTo(new KubernetesClaimOptions { Kubeconfig = options.Kubeconfig, Context = options.Context }, context);
        var api = new ApiServer(access, context.Time, context.IsReadOnly);
        return new(InKubernetes(api, Patience, Resync, context), access.Server, api);
    }
}
