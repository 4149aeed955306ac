using Interlook.Collections;
using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>Reads what Services say about their addresses. Pure.</summary>
/// <param name="balancerClass">The class of LoadBalancer Services that are ours, beside those of no class.</param>
internal sealed class ServiceReading(string balancerClass = ServiceReading.UsualClass)
{
    /// <summary>The class that is ours unless another is given.</summary>
    internal const string UsualClass = "ipcontroller.ext/claims";

    private const string Auto = "auto";

    /// <summary>What a Service asks for.</summary>
    internal ServiceDemand Of(Service service) => new()
    {
        Name = service.Name.ToString(),
        IsBalancer = service.Spec.Type == Service.LoadBalancer && (service.Spec.LoadBalancerClass is null or "" || service.Spec.LoadBalancerClass == balancerClass),
        AsksAuto = service.Metadata.Annotations.TryGetValue(Claims.WellKnown.AddressAnnotation, out var asked) && asked == Auto,
        AskedAddress = service.Spec.LoadBalancerIP,
        ExternalIps = service.Spec.ExternalIPs.ToEquatableArray(),
        Ingress = Places(service).Select(place => place.Ip).OfType<string>().ToEquatableArray(),
    };

    /// <summary>Where the Service is reached, as its status says.</summary>
    internal static IEnumerable<LoadBalancerIngress> Places(Service service) => service.Status.LoadBalancer.Ingress;
}
