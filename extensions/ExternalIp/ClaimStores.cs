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

    private static OpenClaims InEtcd(ExternalIpOptions options, ExtensionContext context)
    {
        var store = new EtcdClaimStore(options, null, context.Time, context.Loggers, context.IsReadOnly);
        return new(store, options.System, store);
    }

    private static OpenClaims InKubernetes(ExternalIpOptions options, ExtensionContext context)
    {
        var access = AccessSearch.Find(
            new KubernetesClaimOptions { Kubeconfig = options.Kubeconfig, Context = options.Context }, Surroundings.Process, context.Time);
        var api = new ApiServer(access, context.Time, context.IsReadOnly);
        return new(new KubernetesClaimStore(api, Patience, Resync, context.Time, context.Loggers.CreateLogger<KubernetesClaimStore>()), access.Server, api);
    }
}
