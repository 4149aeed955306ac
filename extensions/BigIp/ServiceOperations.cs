using System.Text.Json;
using Interlook.Extensions.BigIp.Wire;

namespace Interlook.Extensions.BigIp;

/// <summary>The requests that bring a service's pool, virtual server and rule from what they are to what they shall be. Pure.</summary>
internal sealed class ServiceOperations(
    BigIpOptions options, BigIpPaths paths, RouteDomains domains, ServiceComparison comparison, OwnershipMark mark)
{
    private static readonly HttpMethod Post = HttpMethod.Post;
    private static readonly HttpMethod Patch = HttpMethod.Patch;

    /// <summary>True when a pool or a virtual server has to be made or changed.</summary>
    internal bool Puts(WantedService wanted, Picture picture) =>
        !picture.Pools.TryGetValue(wanted.Name, out var pool)
        || !comparison.HasMembers(wanted, pool)
        || comparison.PoolChange(wanted, pool) is not null
        || VirtualOperation(wanted, picture) is not null;

    /// <summary>Makes or changes pool and virtual server. A virtual server names the pool, and the pool the nodes: that is their order.</summary>
    /// <returns>The requests, and the nodes there are after them.</returns>
    internal (IReadOnlyList<Operation> Operations, NodeTable Nodes) Put(WantedService wanted, Picture picture, NodeTable nodes)
    {
        var operations = new List<Operation>();
        var found = picture.Pools.GetValueOrDefault(wanted.Name);
        List<WireMember>? members = null;
        if (found is null || !comparison.HasMembers(wanted, found))
        {
            nodes = AddNodes(wanted, nodes, operations);
            members = [.. wanted.Members.Select(member => Write(member, nodes.Find(member.Address)!))];
        }
        if (found is null)
            operations.Add(CreatePool(wanted, members!));
        else if (comparison.PoolChange(wanted, found) is { } change)
            operations.Add(ChangePool(wanted, change with { Members = members }));
        else if (members is not null)
            operations.Add(ChangePool(wanted, new() { Members = members }));
        if (VirtualOperation(wanted, picture) is { } operation)
            operations.Add(operation);
        return (operations, nodes);
    }

    /// <summary>Makes or changes the rule in the draft.</summary>
    /// <param name="wanted">The service.</param>
    /// <param name="rule">What it shall be.</param>
    /// <param name="ordinal">The place of a new one; null for one that is there, and stays where it is.</param>
    internal Operation PutRule(WantedService wanted, WantedRule rule, int? ordinal)
    {
        var flag = (bool?)true;
        var isThere = ordinal is null;
        var body = new WireRule
        {
            Name = isThere ? null : wanted.Name,
            Ordinal = ordinal,
            Description = wanted.Description,
            Conditions =
            [
                new()
                {
                    Name = "0",
                    HttpHost = rule.IsTls ? null : flag,
                    Host = rule.IsTls ? null : flag,
                    Request = rule.IsTls ? null : flag,
                    SslExtension = rule.IsTls ? flag : null,
                    ServerName = rule.IsTls ? flag : null,
                    SslClientHello = rule.IsTls ? flag : null,
                    IsEqual = true,
                    CaseInsensitive = true,
                    Values = [.. rule.Hosts],
                },
            ],
            Actions =
            [
                new()
                {
                    Name = "0",
                    Forward = true,
                    Select = true,
                    Pool = paths.Full(wanted.Name),
                    Request = rule.IsTls ? null : flag,
                    SslClientHello = rule.IsTls ? flag : null,
                },
            ],
        };
        var rules = $"{paths.Draft(rule.Policy)}/rules";
        var json = JsonSerializer.SerializeToUtf8Bytes(body, BigIpJson.Default.WireRule);
        return isThere
            ? new(Patch, $"{rules}/{wanted.Name}", json, $"changing the rule of {wanted.Key} in policy {rule.Policy}")
            : new(Post, rules, json, $"adding the rule of {wanted.Key} to policy {rule.Policy}");
    }

    /// <summary>Takes the rule out of the draft.</summary>
    internal Operation RemoveRule(string policy, ServiceChange change) => new(
        HttpMethod.Delete, $"{paths.Draft(policy)}/rules/{change.Name}", null, $"removing the rule of {change.Key} from policy {paths.Full(policy)}");

    private NodeTable AddNodes(WantedService wanted, NodeTable nodes, List<Operation> operations)
    {
        foreach (var address in wanted.Members.Select(member => member.Address).Distinct())
        {
            if (nodes.Find(address) is not null)
                continue;
            var written = domains.Write(options.Partition, address);
            var node = new WireNode { Name = written, Partition = options.Partition, Address = written, Description = mark.OfNode };
            var json = JsonSerializer.SerializeToUtf8Bytes(node, BigIpJson.Default.WireNode);
            operations.Add(new(Post, BigIpPaths.Nodes, json, $"creating node {paths.Full(written)} for {wanted.Key}"));
            nodes = nodes.With(address, node);
        }
        return nodes;
    }

    /// <summary>A member bears the name of its node, whoever made that.</summary>
    private static WireMember Write(WantedMember member, WireNode node) => new()
    {
        Name = ServicePort.Join(node.Name!, member.Port),
        Partition = node.Partition,
        Address = node.Address,
        Ratio = member.Ratio,
        Session = member.IsEnabled ? "user-enabled" : "user-disabled",
        State = "user-up",
    };

    private Operation CreatePool(WantedService wanted, List<WireMember> members)
    {
        var pool = new WirePool
        {
            Name = wanted.Name,
            Partition = options.Partition,
            Description = wanted.Description,
            Monitor = comparison.Monitor == "" ? null : comparison.Monitor,
            LoadBalancingMode = options.LoadBalancingMode,
            Members = members,
        };
        var json = JsonSerializer.SerializeToUtf8Bytes(pool, BigIpJson.Default.WirePool);
        return new(Post, BigIpPaths.Pools, json, $"creating pool {paths.Full(wanted.Name)} of {wanted.Key}");
    }

    private Operation ChangePool(WantedService wanted, WirePool change) => new(
        Patch, paths.Of(BigIpPaths.Pools, wanted.Name), JsonSerializer.SerializeToUtf8Bytes(change, BigIpJson.Default.WirePool),
        $"changing pool {paths.Full(wanted.Name)} of {wanted.Key}");

    private Operation? VirtualOperation(WantedService wanted, Picture picture)
    {
        if (wanted.Destination is not { } destination)
            return null;
        if (picture.Virtuals.TryGetValue(wanted.Name, out var found))
        {
            return comparison.VirtualChange(wanted, destination, found) is { } change
                ? new(
                    Patch, paths.Of(BigIpPaths.Virtuals, wanted.Name), JsonSerializer.SerializeToUtf8Bytes(change, BigIpJson.Default.WireVirtual),
                    $"changing virtual server {paths.Full(wanted.Name)} of {wanted.Key}")
                : null;
        }
        var fresh = comparison.At(destination) with
        {
            Name = wanted.Name,
            Partition = options.Partition,
            Description = wanted.Description,
            IpProtocol = "tcp",
            Pool = paths.Full(wanted.Name),
            SourceAddressTranslation = new("automap"),
            Profiles = comparison.Profile == "" ? null : [new() { Name = comparison.Profile }],
        };
        var json = JsonSerializer.SerializeToUtf8Bytes(fresh, BigIpJson.Default.WireVirtual);
        return new(Post, BigIpPaths.Virtuals, json, $"creating virtual server {paths.Full(wanted.Name)} of {wanted.Key} at {fresh.Destination}");
    }
}
