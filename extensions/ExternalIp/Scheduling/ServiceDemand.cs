using System.Net;
using Interlook.Collections;

namespace Interlook.Extensions.ExternalIp.Scheduling;

/// <summary>What one Service says about its addresses: all that the scheduler has to know of it.</summary>
internal sealed record ServiceDemand
{
    /// <summary><c>namespace/name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>True for type LoadBalancer with no class, or with ours: another class is another controller's business.</summary>
    public bool IsBalancer { get; init; }

    /// <summary>True when annotated with <c>external-ip: auto</c>.</summary>
    public bool AsksAuto { get; init; }

    /// <summary><c>spec.loadBalancerIP</c>; null when none is asked for.</summary>
    public string? AskedAddress { get; init; }

    /// <summary><c>spec.externalIPs</c>, ours among them.</summary>
    public EquatableArray<string> ExternalIps { get; init; }

    /// <summary>The addresses of <c>status.loadBalancer.ingress</c>.</summary>
    public EquatableArray<string> Ingress { get; init; }

    /// <summary>True when an address of an address pool shall be found for it.</summary>
    internal bool WantsAddress => IsBalancer || AsksAuto;

    internal bool Has(IPAddress address)
    {
        foreach (var text in ExternalIps)
        {
            if (Claims.ClaimAddress.TryParseAddress(text, out var own) && own.Equals(address))
                return true;
        }
        return false;
    }
}
