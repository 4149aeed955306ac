using Interlook.Collections;
using Interlook.Extensions.BigIp.Wire;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.BigIp;

/// <summary>Says what of a picture is not as services shall have it, and what nobody wants. Pure.</summary>
internal sealed class BigIpObservation(BigIpTranslation translation, ServiceComparison comparison, BigIpPaths paths, OwnershipMark mark)
{
    internal Observation Of(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, Picture picture)
    {
        var drifts = applied
            .OrderBy(service => service.Key.Path, StringComparer.Ordinal)
            .SelectMany(service => Differences(service.Key, service.Value, picture).Select(difference => new Drift(service.Key, difference)));
        return new(drifts.ToEquatableArray(), Orphans(applied, picture).ToEquatableArray());
    }

    /// <summary>Nodes of ours that no pool of the partition uses.</summary>
    internal IEnumerable<KeyValuePair<RoutedAddress, WireNode>> UnusedNodes(Picture picture)
    {
        var used = picture.Pools.Values.SelectMany(comparison.AddressesOf).ToHashSet();
        return (picture.Nodes?.All ?? []).Where(each => mark.IsOurs(each.Value.Description) && !used.Contains(each.Key));
    }

    private IEnumerable<string> Differences(ServiceKey key, ServiceDefinition definition, Picture picture)
    {
        WantedService wanted;
        try
        {
            wanted = translation.Of(key, definition);
        }
        catch (ExtensionException refusal)
        {
            return [refusal.Message];
        }
        return PoolDifferences(wanted, picture).Concat(VirtualDifferences(wanted, picture)).Concat(RuleDifferences(wanted, picture));
    }

    private IEnumerable<string> PoolDifferences(WantedService wanted, Picture picture)
    {
        var name = $"pool {paths.Full(wanted.Name)}";
        if (!picture.Pools.TryGetValue(wanted.Name, out var pool))
            yield return $"{name} is missing";
        else if (!comparison.HasMembers(wanted, pool))
            yield return $"{name} has other members, weights or states";
        else if (comparison.PoolChange(wanted, pool) is not null)
            yield return $"{name} has another description, monitor or load balancing mode";
    }

    private IEnumerable<string> VirtualDifferences(WantedService wanted, Picture picture)
    {
        var name = $"virtual server {paths.Full(wanted.Name)}";
        var found = picture.Virtuals.GetValueOrDefault(wanted.Name);
        if (wanted.Destination is not { } destination)
        {
            if (found is not null && mark.IsOf(wanted.Key, found.Description))
                yield return $"{name} is left from updateMode vs";
        }
        else if (found is null)
            yield return $"{name} is missing";
        else if (comparison.VirtualChange(wanted, destination, found) is not null)
            yield return $"{name} is not as it was written";
    }

    private IEnumerable<string> RuleDifferences(WantedService wanted, Picture picture)
    {
        foreach (var policy in picture.Rules.Keys)
        {
            var name = $"rule {wanted.Name} of policy {paths.Full(policy)}";
            var found = picture.Rule(policy, wanted.Name);
            if (wanted.Rule is not { } rule || rule.Policy != policy)
            {
                if (found is not null && mark.IsOf(wanted.Key, found.Description))
                    yield return $"{name} is no longer wanted there";
            }
            else if (found is null)
                yield return $"{name} is missing";
            else if (!comparison.HasRule(wanted, rule, found))
                yield return $"{name} is not as it was published";
        }
    }

    private IEnumerable<Orphan> Orphans(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, Picture picture)
    {
        foreach (var (name, pool) in picture.Pools)
        {
            if (IsOrphan(pool.Description, applied))
                yield return new($"pool {paths.Full(name)}", mark.KeyOf(pool.Description));
        }
        foreach (var (name, found) in picture.Virtuals)
        {
            if (IsOrphan(found.Description, applied))
                yield return new($"virtual server {paths.Full(name)}", mark.KeyOf(found.Description));
        }
        foreach (var (policy, rule) in picture.Rules.SelectMany(each => each.Value.Select(rule => (each.Key, rule))))
        {
            if (IsOrphan(rule.Description, applied))
                yield return new($"rule {rule.Name} of policy {paths.Full(policy)}", mark.KeyOf(rule.Description));
        }
        foreach (var (_, node) in UnusedNodes(picture))
            yield return new($"node /{node.Partition}/{node.Name}", null);
    }

    private bool IsOrphan(string? description, IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied) =>
        mark.IsOurs(description) && !(mark.KeyOf(description) is { } key && applied.ContainsKey(key));
}
