using System.Net;
using Interlook.Extensions.Docker.Wire;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Extensions.Docker;

/// <summary>The nodes of a swarm and the addresses under which their ports are reached. Made for one reading.</summary>
internal sealed class SwarmNodes(IEnumerable<SwarmNode> nodes, bool isLocal)
{
    private readonly Dictionary<string, SwarmNode> byId = nodes.ToDictionary(node => node.ID, StringComparer.Ordinal);
    private readonly Dictionary<string, string?> addresses = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Rejection> rejections = new(StringComparer.Ordinal);

    /// <summary>The nodes that were needed and have no usable address.</summary>
    internal IEnumerable<Rejection> Rejections => rejections.Values;

    /// <summary>True for a node that answers its managers. Tasks of a dead node still say that they run.</summary>
    internal bool IsReady(string? id) => id is not null && byId.TryGetValue(id, out var node) && node.Status?.State == "ready";

    /// <summary>The node's address; null, and a rejection, when it has none.</summary>
    internal string? AddressOf(string id)
    {
        if (addresses.TryGetValue(id, out var known))
            return known;
        string? address = null;
        try
        {
            address = Read(byId[id]);
        }
        catch (FormatException problem)
        {
            var subject = $"node {byId[id].Description?.Hostname ?? id}";
            rejections.TryAdd(subject, new Rejection(subject, problem.Message));
        }
        return addresses[id] = address;
    }

    private string Read(SwarmNode node)
    {
        if (node.Spec?.Labels?.GetValueOrDefault(PublicationLabels.IpLabel) is { } label)
        {
            try
            {
                return TargetAddress.Read(label);
            }
            catch (FormatException problem)
            {
                throw new FormatException($"node label {PublicationLabels.IpLabel} {PublicationLabels.Shown(problem.Message)}");
            }
        }
        // A manager's Status.Addr may be 0.0.0.0 or its loopback address (moby issues 35437, 30119): what it tells the other managers counts.
        var told = HostOf(node.ManagerStatus?.Addr) is { } manager && IsUsable(manager) ? manager : node.Status?.Addr;
        return IsUsable(told)
            ? TargetAddress.Read(told!)
            : throw new FormatException(
                $"the swarm knows it as '{told}', which cannot be reached from here: docker node update --label-add {PublicationLabels.IpLabel}=ADDRESS it");
    }

    private bool IsUsable(string? address) => !TargetAddress.IsUnspecified(address) && (isLocal || !TargetAddress.IsLoopback(address));

    private static string? HostOf(string? address) =>
        address is not null && IPEndPoint.TryParse(address, out var parsed) ? parsed.Address.ToString() : null;
}
