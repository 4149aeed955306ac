using Interlook.Collections;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Extensions.Consul;

/// <summary>Makes one definition of the parts that name the same published service. Pure.</summary>
internal static class InstanceAssembly
{
    /// <summary>
    /// Joins parts: host names and targets of all. Of the instances that get traffic the oldest decides about TLS, and the oldest that asks for
    /// an address about it; while none gets traffic, the oldest of all. So what a dead instance left behind stops nobody.
    /// </summary>
    /// <param name="provider">The name that the definition bears.</param>
    /// <param name="parts">Parts of one service, at least one, in any order.</param>
    /// <param name="rejections">Gets a rejection for each part that disagrees; such a part is left out.</param>
    internal static ServiceDefinition Assemble(string provider, IEnumerable<InstancePart> parts, List<Rejection> rejections)
    {
        var byRank = parts
            .OrderBy(part => part.Target is null)
            .ThenBy(part => part.CreateIndex)
            .ThenBy(part => part.Instance.Node, StringComparer.Ordinal)
            .ThenBy(part => part.Instance.Id, StringComparer.Ordinal)
            .ToList();
        var first = byRank[0];
        InstancePart? asking = null;
        var joined = new List<InstancePart>(byRank.Count);
        foreach (var part in byRank)
        {
            if (Conflict(part, first, asking) is { } problem)
            {
                rejections.Add(new(part.Subject, problem));
                continue;
            }
            joined.Add(part);
            asking ??= part.Asked.PublicIp is null ? null : part;
        }
        return new()
        {
            Name = first.Service,
            Provider = provider,
            Tls = first.Asked.Tls,
            PublicIp = asking?.Asked.PublicIp,
            DnsNames = joined.SelectMany(part => part.Asked.DnsNames).ToEquatableArray(),
            Targets = joined.Select(part => part.Target).OfType<Target>().ToEquatableArray(),
        };
    }

    private static string? Conflict(InstancePart part, InstancePart first, InstancePart? asking)
    {
        if (part.Asked.Tls != first.Asked.Tls)
        {
            return $"service '{first.Service}' has interlook.ssl {Word(first.Asked.Tls)} from {first.Subject}, and {Word(part.Asked.Tls)} here: "
                + "give all instances the same, or another interlook.service";
        }
        if (asking?.Asked.PublicIp is { } ip && part.Asked.PublicIp is { } other && !ip.Equals(other))
        {
            return $"service '{first.Service}' asks for {ip} through {asking.Subject}, and for {other} here: "
                + "give all instances the same interlook.ip, or another interlook.service";
        }
        return null;
    }

    private static string Word(bool flag) => flag ? "true" : "false";
}
