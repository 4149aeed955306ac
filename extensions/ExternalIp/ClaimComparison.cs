using Interlook.Collections;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.ExternalIp;

/// <summary>Compares claims with what was acknowledged. Pure.</summary>
internal static class ClaimComparison
{
    /// <summary>Finds drift and orphans.</summary>
    internal static Observation Compare(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, string instance, RecordView<Claim> all)
    {
        var owned = all.Records.Values.Select(stored => stored.Value)
            .SelectMany(claim => claim.EntriesOf(instance).Select(key => (Key: key, Claim: claim)))
            .ToLookup(each => each.Key, each => each.Claim);
        var drifts = applied.SelectMany(each => Differences(each.Value, owned[each.Key]).Select(difference => new Drift(each.Key, difference)));
        var orphans = owned.Where(each => !applied.ContainsKey(each.Key)).SelectMany(each => each.Select(claim => new Orphan($"claim {claim.Metadata.Name}", each.Key)));
        return new(drifts.ToEquatableArray(), orphans.ToEquatableArray());
    }

    private static IEnumerable<string> Differences(ServiceDefinition definition, IEnumerable<Claim> owned)
    {
        var isThere = false;
        foreach (var claim in owned)
        {
            var name = claim.Metadata.Name;
            if (claim.Address?.Name != name)
                yield return $"claim {name} says {(claim.Spec.Cidr == "" ? "nothing" : claim.Spec.Cidr)}";
            else if (!claim.Address.Value.Address.Equals(definition.PublicIp))
                yield return $"claim {name} is left over";
            else if (claim.Holder == "")
                yield return $"claim {name} has no living node";
            else if (claim.Trouble is { } trouble)
                yield return $"claim {name} is not announced by {claim.Holder}: {trouble}";
            isThere |= claim.Address?.Address.Equals(definition.PublicIp) == true || claim.Address?.Name != name;
        }
        if (!isThere)
            yield return $"claim of {definition.PublicIp} is missing";
    }
}
