using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interlook.Collections;
using Interlook.Extensions.ExternalIp.Running;
using Interlook.Extensions.ExternalIp.Scheduling;

namespace Interlook.Extensions.Tests.ExternalIp.Running;

/// <summary>Services in memory.</summary>
internal sealed class WrittenDemands : IServiceDemands
{
    private readonly Lock gate = new();
    private ImmutableSortedDictionary<string, ServiceDemand> all = ImmutableSortedDictionary.Create<string, ServiceDemand>(StringComparer.Ordinal);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was told last.</summary>
    public EquatableArray<ServiceRefusal> Refusals { get; private set; }

    public void Ask(string service, params string[] addresses) => Set(new() { Name = service, ExternalIps = [.. addresses] });

    public void Set(ServiceDemand demand) => Change(known => known.SetItem(demand.Name, demand));

    public void Withdraw(string service) => Change(known => known.Remove(service));

    public async IAsyncEnumerable<ImmutableSortedDictionary<string, ServiceDemand>> WatchAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        while (true)
        {
            (ImmutableSortedDictionary<string, ServiceDemand> All, Task More) seen;
            lock (gate)
                seen = (all, changed.Task);
            yield return seen.All;
            await seen.More.WaitAsync(stopping);
        }
    }

    public Task WriteAsync(ServiceWrite write, CancellationToken stopping)
    {
        Change(known => known.TryGetValue(write.Service, out var demand)
            ? known.SetItem(write.Service, demand with { ExternalIps = write.ExternalIps, Ingress = write.Ingress ?? demand.Ingress })
            : known);
        return Task.CompletedTask;
    }

    public Task<bool> RefuseAsync(EquatableArray<ServiceRefusal> refusals, CancellationToken stopping)
    {
        Refusals = refusals;
        return Task.FromResult(true);
    }

    private void Change(Func<ImmutableSortedDictionary<string, ServiceDemand>, ImmutableSortedDictionary<string, ServiceDemand>> change)
    {
        TaskCompletionSource told;
        lock (gate)
        {
            all = change(all);
            told = changed;
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        told.SetResult();
    }
}
