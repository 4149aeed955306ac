using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>Follows the Services of a cluster as the scheduler wants to see them. While the server cannot be read they stay as they were.</summary>
internal sealed class ServiceSource(IInformer<Service> services, ServiceReading reading)
{
    /// <summary>All Services, and again after each change.</summary>
    internal async IAsyncEnumerable<ServiceView> FollowAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        var demands = ImmutableSortedDictionary.Create<string, ServiceDemand>(StringComparer.Ordinal);
        await foreach (var change in services.FollowAsync(stopping))
        {
            demands = change.Changed is { } names ? Changed(demands, change.Cache, names) : All(change.Cache);
            yield return new(demands, change.Cache);
        }
    }

    private ImmutableSortedDictionary<string, ServiceDemand> All(ObjectCache<Service> cache) =>
        cache.Objects.Values.Select(reading.Of).ToImmutableSortedDictionary(demand => demand.Name, demand => demand, StringComparer.Ordinal);

    private ImmutableSortedDictionary<string, ServiceDemand> Changed(
        ImmutableSortedDictionary<string, ServiceDemand> demands, ObjectCache<Service> cache, IEnumerable<ObjectName> names)
    {
        var builder = demands.ToBuilder();
        foreach (var name in names)
        {
            if (cache.Find(name) is { } service)
                builder[name.ToString()] = reading.Of(service);
            else
                builder.Remove(name.ToString());
        }
        return builder.ToImmutable();
    }
}
