using System.Net;
using Interlook.Collections;
using Interlook.Extensions.Consul.Wire;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Extensions.Consul;

/// <summary>Makes parts of published services of a service's instances. Pure.</summary>
internal sealed class CatalogTranslation(ConsulCatalogOptions options)
{
    /// <summary>A sidecar's listener speaks Consul's own mutual TLS, and it inherits the tags of the service beside it.</summary>
    private const string SidecarKind = "connect-proxy";

    /// <summary>The services that may ask, each with whether its tags say that it does.</summary>
    internal Dictionary<string, bool> Candidates(Dictionary<string, string[]> listed)
    {
        var candidates = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var (service, tags) in listed)
        {
            var tagged = tags?.Any(tag => tag.StartsWith(PublicationTags.Prefix, StringComparison.Ordinal)) is true;
            if (tagged || (options.Meta && service != "consul")) // the servers' own service has no meta that anybody could set
                candidates[service] = tagged;
        }
        return candidates;
    }

    /// <summary>Reads a service.</summary>
    /// <param name="service">Its name in Consul.</param>
    /// <param name="instances">Its instances, in any order.</param>
    /// <param name="before">The last reading: an instance whose tags cannot be read any more keeps what it had.</param>
    internal ServiceReading Read(string service, IReadOnlyList<WireInstance> instances, ServiceReading before)
    {
        var earlier = before.Parts.ToDictionary(part => part.Instance, part => part);
        var parts = new List<InstancePart>();
        var rejections = new List<Rejection>();
        foreach (var instance in instances.OrderBy(one => one.Node.Node, StringComparer.Ordinal).ThenBy(one => one.Service.Id, StringComparer.Ordinal))
        {
            if (instance.Service.Kind == SidecarKind || IsOfInterlook(instance))
                continue;
            var tags = PublicationTags.Of(instance.Service.Tags, instance.Service.Meta);
            if (tags.Ask && ReadInstance(service, instance, tags, earlier, rejections) is { } part)
                parts.Add(part);
        }
        return new(parts.ToEquatableArray(), rejections.ToEquatableArray(), instances.Count == 0);
    }

    /// <summary>What <c>dns.consul</c> registered, of whichever Interlook, is the published form of a service and never asks for more.</summary>
    private static bool IsOfInterlook(WireInstance instance) =>
        instance.Service.Meta?.ContainsKey(OwnershipMark.Instance) is true || instance.Node.Meta?.ContainsKey(OwnershipMark.Instance) is true;

    private InstancePart? ReadInstance(
        string service, WireInstance instance, PublicationTags tags, Dictionary<(string Node, string Id), InstancePart> earlier,
        List<Rejection> rejections)
    {
        var subject = PublicationLabels.Shown($"service {service}, instance {instance.Service.Id} of node {instance.Node.Node}", 300);
        var had = earlier.GetValueOrDefault((instance.Node.Node, instance.Service.Id));
        var asked = had?.Asked;
        try
        {
            asked = tags.Read();
        }
        catch (FormatException problem)
        {
            rejections.Add(new(subject, problem.Message));
        }
        if (asked is null)
            return null;
        var name = asked.Service ?? service;
        if (!ServiceName.IsValid(name, out var fault))
        {
            rejections.Add(new(subject, $"the service name '{PublicationLabels.Shown(name)}' {fault}: set the tag {PublicationLabels.ServiceLabel}=NAME"));
            return null;
        }
        Target? target = null;
        try
        {
            target = FindTarget(instance, asked);
        }
        catch (FormatException problem)
        {
            rejections.Add(new(subject, problem.Message));
            if (had is null)
                return null;
        }
        return new()
        {
            Subject = subject,
            Instance = (instance.Node.Node, instance.Service.Id),
            CreateIndex = instance.Service.CreateIndex,
            Service = name,
            Asked = asked,
            Target = target,
        };
    }

    /// <returns>Null while its checks say that it is not ready.</returns>
    /// <exception cref="FormatException">It has no address or no port that can be used, whatever its checks say.</exception>
    private Target? FindTarget(WireInstance instance, PublicationLabels asked)
    {
        var (address, taggedPort) = AddressOf(instance);
        var host = ReadHost(address);
        var port = asked.Port ?? (taggedPort > 0 ? taggedPort : instance.Service.Port);
        if (port is < 1 or > 65535)
        {
            throw new FormatException(
                port == 0
                    ? $"it is registered without a port: register one, or set the tag {PublicationLabels.PortLabel}=PORT"
                    : $"it is registered with the port {port}, which is not from 1 to 65535: register another, or set the tag {PublicationLabels.PortLabel}=PORT");
        }
        var health = InstanceHealth.Of(instance.Checks ?? []);
        if (!health.Satisfies(options.Checks))
            return null;
        var weights = instance.Service.Weights ?? new();
        var share = health.IsPassing ? weights.Passing : weights.Warning;
        return new(host, port, asked.Weight ?? Math.Clamp(share, 0, Target.MaxWeight));
    }

    /// <summary>The order is Consul's own where it translates addresses: a service's tagged address, its address, the node's tagged one, the node's.</summary>
    private (string Address, int Port) AddressOf(WireInstance instance)
    {
        if (options.TaggedAddress is { } wanted)
        {
            if (instance.Service.TaggedAddresses?.GetValueOrDefault(wanted) is { Address.Length: > 0 } tagged)
                return (tagged.Address, tagged.Port);
            if (instance.Service.Address == "" && instance.Node.TaggedAddresses?.GetValueOrDefault(wanted) is { Length: > 0 } node)
                return (node, 0);
        }
        return (instance.Service.Address is { Length: > 0 } own ? own : instance.Node.Address ?? "", 0);
    }

    private static string ReadHost(string text)
    {
        if (IPAddress.TryParse(text, out var address) && (text.Contains(':') || text.Count(character => character == '.') == 3))
        {
            if (address.IsIPv4MappedToIPv6)
                address = address.MapToIPv4();
            return address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
                ? throw new FormatException($"its address {address} names no host: register the one it is reached at")
                : address.ToString();
        }
        if (text == "")
            throw new FormatException("neither it nor its node has an address: register one");
        return HostName.TryNormalize(text, out var name, out var problem) && name[0] != '*'
            ? name
            : throw new FormatException($"its address '{PublicationLabels.Shown(text)}' {problem ?? "is a wildcard"}: register an IP address or a host name");
    }
}
