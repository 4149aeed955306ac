using Interlook.Collections;
using Interlook.Extensions.Consul.Wire;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.Consul;

/// <summary>Compares what the catalog has with what it should have. Pure.</summary>
internal static class RegistrationComparison
{
    /// <summary>The check that says whether a service has targets.</summary>
    internal static string CheckId(string serviceId) => $"interlook:{serviceId}";

    /// <summary>Compares everything of ours.</summary>
    /// <param name="applied">What was acknowledged.</param>
    /// <param name="plan">Says what that means in the catalog.</param>
    /// <param name="services">All instances with our mark, by ID.</param>
    /// <param name="checks">All checks of our node.</param>
    internal static Observation Compare(
        IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied,
        RegistrationPlan plan,
        IReadOnlyDictionary<string, WireService> services,
        IReadOnlyList<WireCheck> checks)
    {
        var checksById = checks.ToLookup(check => check.ServiceId, StringComparer.Ordinal);
        var drifts = new Dictionary<ServiceKey, Drift>();
        var wantedIds = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, definition) in applied)
        {
            foreach (var wanted in Plan(key, definition, plan, drifts))
            {
                wantedIds.Add(wanted.Id);
                var difference = services.TryGetValue(wanted.Id, out var service)
                    ? Difference(wanted, service, checksById[wanted.Id])
                    : "is missing";
                if (difference is not null)
                    drifts.TryAdd(key, new(key, $"registration of {wanted.Name} {difference}"));
            }
        }
        var orphans = new List<Orphan>();
        foreach (var (id, service) in services)
        {
            if (wantedIds.Contains(id))
                continue;
            if (OwnershipMark.ReadKey(service.Meta) is { } key && applied.ContainsKey(key))
                drifts.TryAdd(key, new(key, $"registration {id} is not wanted any more"));
            else
                orphans.Add(new($"service {id} in Consul", OwnershipMark.ReadKey(service.Meta)));
        }
        return new(drifts.Values.ToEquatableArray(), orphans.ToEquatableArray());
    }

    /// <summary>A definition acknowledged under other settings may be one that these settings refuse.</summary>
    private static IReadOnlyList<Registration> Plan(
        ServiceKey key, ServiceDefinition definition, RegistrationPlan plan, Dictionary<ServiceKey, Drift> drifts)
    {
        try
        {
            return plan.Of(key, definition);
        }
        catch (ExtensionException refusal)
        {
            drifts.TryAdd(key, new(key, refusal.Message));
            return [];
        }
    }

    /// <summary>What is other than it should be, as the end of a sentence; null when nothing is.</summary>
    internal static string? Difference(Registration wanted, WireService service, IEnumerable<WireCheck> checks)
    {
        var address = wanted.Address.ToString();
        if (service.Address != address)
            return $"says {service.Address} and not {address}";
        if (service.Port != wanted.Port)
            return $"says port {service.Port} and not {wanted.Port}";
        if (service.Service != wanted.Name.Service || !(service.Tags ?? []).SequenceEqual(wanted.Name.IsPlain ? [] : [wanted.Name.Tag]))
            return $"answers to '{service.Service}' with the tags '{string.Join(',', service.Tags ?? [])}'";
        if (OwnershipMark.ReadKey(service.Meta) != wanted.Key)
            return "bears another service's mark";
        var status = wanted.IsReady ? WireCheck.Passing : WireCheck.Critical;
        var check = checks.FirstOrDefault(check => check.CheckId == CheckId(wanted.Id));
        return check?.Status == status ? null : $"is {check?.Status ?? "without a check"} and not {status}";
    }
}
