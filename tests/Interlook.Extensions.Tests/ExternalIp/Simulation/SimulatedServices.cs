using System.Collections.Immutable;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Scheduling;

namespace Interlook.Extensions.Tests.ExternalIp.Simulation;

/// <summary>The Services of the cluster.</summary>
internal sealed class SimulatedServices(Action changed)
{
    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    public ImmutableSortedDictionary<string, (long Version, ServiceDemand Demand)> All { get; private set; } =
        ImmutableSortedDictionary.Create<string, (long, ServiceDemand)>(StringComparer.Ordinal);

    public void Set(ServiceDemand demand)
    {
        All = All.SetItem(demand.Name, (++Version, demand));
        changed();
    }

    public void Remove(string name)
    {
        Version++;
        All = All.Remove(name);
        changed();
    }

    /// <summary>Done only on the version that the writer saw.</summary>
    public WriteResult Write(ServiceWrite write, long expected)
    {
        if (!All.TryGetValue(write.Service, out var known) || known.Version != expected)
            return new(WriteOutcome.Conflict);
        Set(known.Demand with { ExternalIps = write.ExternalIps, Ingress = write.Ingress ?? known.Demand.Ingress });
        return new(WriteOutcome.Written);
    }
}
