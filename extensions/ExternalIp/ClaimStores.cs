using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Etcd;

namespace Interlook.Extensions.ExternalIp;

/// <summary>The one place that knows where claims can be.</summary>
internal static class ClaimStores
{
    /// <exception cref="ExtensionException">The settings cannot be used.</exception>
    internal static IClaimStore Open(ExternalIpOptions options, ExtensionContext context) => options.Claims switch
    {
        ExternalIpOptions.InEtcd => new EtcdClaimStore(options, null, context.Time, context.Loggers, context.IsReadOnly),
        _ => throw new ExtensionException(Reason.Invalid, $"{ExternalIpExtensions.Vip}: claims: {options.Claims} is not there yet; use etcd"),
    };
}
