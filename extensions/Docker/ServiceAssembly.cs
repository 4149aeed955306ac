using System.Net;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Extensions.Docker;

/// <summary>Makes one definition of the parts that name the same service. Pure.</summary>
internal static class ServiceAssembly
{
    /// <summary>
    /// Joins parts: targets and host names of all; the oldest part decides about TLS, the oldest that asks for an address about it. Labels
    /// and variables do not mix in one service: their targets are reached at different addresses. Labels, which say more, have it.
    /// </summary>
    /// <param name="provider">The name that the definition bears.</param>
    /// <param name="parts">Parts of one service, at least one, in any order.</param>
    /// <param name="rejections">Gets a rejection for each part that disagrees with an older one; such a part is left out.</param>
    internal static ServiceDefinition Assemble(string provider, IReadOnlyCollection<ServicePart> parts, List<Rejection> rejections)
    {
        if (parts.Count == 1)
            return Define(provider, parts.First(), parts, parts.First().PublicIp);
        var byAge = parts.OrderBy(part => part.Created).ThenBy(part => part.Id, StringComparer.Ordinal).ToList();
        var oldest = byAge.Find(part => !part.IsFromEnvironment) ?? byAge[0];
        ServicePart? asking = null;
        var joined = new List<ServicePart>(byAge.Count);
        foreach (var part in byAge)
        {
            if (Conflict(part, oldest, asking) is { } problem)
            {
                rejections.Add(new Rejection(part.Subject, problem));
                continue;
            }
            joined.Add(part);
            asking ??= part.PublicIp is null ? null : part;
        }
        return Define(provider, oldest, joined, asking?.PublicIp);
    }

    private static string? Conflict(ServicePart part, ServicePart oldest, ServicePart? asking)
    {
        if (part.IsFromEnvironment && !oldest.IsFromEnvironment)
        {
            return $"service '{oldest.Service}' is published by the labels of {oldest.Subject}, and asked for by a variable here: "
                + "remove one of the two, or give it another name";
        }
        if (part.Tls != oldest.Tls)
        {
            return $"service '{oldest.Service}' has interlook.ssl {Word(oldest.Tls)} from the older {oldest.Subject}, and {Word(part.Tls)} here: "
                + "give both the same, or another interlook.service";
        }
        if (asking?.PublicIp is { } ip && part.PublicIp is { } other && !ip.Equals(other))
        {
            return $"service '{oldest.Service}' asks for {ip} through the older {asking.Subject}, and for {other} here: "
                + "give both the same interlook.ip, or another interlook.service";
        }
        return null;
    }

    private static ServiceDefinition Define(string provider, ServicePart oldest, IReadOnlyCollection<ServicePart> parts, IPAddress? publicIp) => new()
    {
        Name = oldest.Service,
        Provider = provider,
        Tls = oldest.Tls,
        PublicIp = publicIp,
        DnsNames = [.. parts.SelectMany(part => part.DnsNames)],
        Targets = [.. parts.SelectMany(part => part.Targets)],
    };

    private static string Word(bool flag) => flag ? "true" : "false";
}
