namespace Interlook.Extensions.BigIp;

/// <summary>Finds what stands in the way of a service and is not its own, before anything is written. First come, first served.</summary>
internal sealed class ServiceClaims(Picture picture, BigIpPaths paths, OwnershipMark mark, string system)
{
    private readonly Dictionary<(string Policy, string Host), string> hosts = Hosts(picture);

    /// <summary>Takes the names of a service for it, or says why it cannot have them.</summary>
    internal ExtensionException? Take(WantedService wanted)
    {
        if (picture.Pools.TryGetValue(wanted.Name, out var pool) && !mark.IsOf(wanted.Key, pool.Description))
            return Foreign(wanted, $"pool {paths.Full(wanted.Name)}");
        if (wanted.Destination is not null
            && picture.Virtuals.TryGetValue(wanted.Name, out var found)
            && !mark.IsOf(wanted.Key, found.Description))
        {
            return Foreign(wanted, $"virtual server {paths.Full(wanted.Name)}");
        }
        return wanted.Rule is { } rule ? TakeHosts(wanted, rule) : null;
    }

    private ExtensionException? TakeHosts(WantedService wanted, WantedRule rule)
    {
        var found = picture.Rule(rule.Policy, wanted.Name);
        if (found is not null && !mark.IsOf(wanted.Key, found.Description))
            return Foreign(wanted, $"rule {wanted.Name} of policy {paths.Full(rule.Policy)}");
        var held = found is null ? [] : ServiceComparison.Claims(found);
        var taken = rule.Hosts.FirstOrDefault(host =>
            !held.Contains(host) && hosts.TryGetValue((rule.Policy, host), out var holder) && holder != wanted.Name);
        if (taken is not null)
        {
            return new(
                Reason.Conflict,
                $"{system}: {wanted.Key} cannot have {taken}: rule {hosts[(rule.Policy, taken)]} of policy {paths.Full(rule.Policy)} has that name; "
                + "remove one of the two, or give the service another name");
        }
        foreach (var host in rule.Hosts)
            hosts[(rule.Policy, host)] = wanted.Name;
        return null;
    }

    private ExtensionException Foreign(WantedService wanted, string what) => new(
        Reason.Conflict, $"{system}: {wanted.Key} cannot be deployed: {what} does not bear its mark; rename or remove that, or rename the service");

    private static Dictionary<(string Policy, string Host), string> Hosts(Picture picture)
    {
        var hosts = new Dictionary<(string, string), string>();
        foreach (var (policy, rules) in picture.Rules)
        {
            foreach (var rule in rules)
            {
                foreach (var host in ServiceComparison.Claims(rule))
                    hosts.TryAdd((policy, host.ToLowerInvariant()), rule.Name!);
            }
        }
        return hosts;
    }
}
