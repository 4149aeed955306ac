using System.Diagnostics.CodeAnalysis;
using Interlook.Collections;
using Interlook.Entries;
using Interlook.Extensions.Kubernetes.Answering;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes;

/// <summary>Writes back to Services where they are published, and how they fare.</summary>
[SuppressMessage("Design", "CA1001", Justification = "An extension is stopped, not disposed; StopAsync lets go of everything.")]
internal sealed class KubernetesStatusProvisioner : IProvisioner, IEntryFollower
{
    private readonly ICluster cluster;
    private readonly ClusterReading reading;
    private readonly ExtensionContext context;
    private readonly StatusMark mark;
    private readonly StatusTranslation translation;
    private readonly StatusKeeper keeper;
    private readonly EventWriter events;
    private readonly EntryTeller teller;
    private readonly CancellationTokenSource stopped = new();
    private Task keeping = Task.CompletedTask;

    internal KubernetesStatusProvisioner(ICluster cluster, IStatusServer server, Func<Service, bool> isOurs, bool withHostNames, ExtensionContext context)
    {
        this.cluster = cluster;
        this.context = context;
        reading = new(cluster, needsNodes: false);
        var logger = context.Loggers.CreateLogger(context.Name);
        mark = new(context.Instance);
        translation = new(context.Name, withHostNames);
        keeper = new(cluster.Services, server, mark, isOurs, logger);
        events = new(cluster.Services, server, context.Time, context.Random, logger);
        teller = new(translation, keeper, events, logger);
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken stopping)
    {
        await reading.WaitAsync(context.Time, stopping);
        if (!context.IsReadOnly)
            keeping = Task.WhenAll(UntilStoppedAsync(keeper.RunAsync), UntilStoppedAsync(events.RunAsync));
    }

    /// <inheritdoc/>
    public Task ResumeAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
    {
        foreach (var (key, definition) in applied)
        {
            if (IsOfCluster(definition))
                keeper.Resume(key, translation.Of(definition));
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken stopping)
    {
        reading.ThrowIfUnreadable();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken stopping)
    {
        await stopped.CancelAsync();
        await keeping;
        stopped.Dispose();
    }

    /// <inheritdoc/>
    public async Task<ServiceDefinition> DeployAsync(
        ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        if (IsOfCluster(desired))
            await keeper.SetAsync(key, translation.Of(desired), stopping);
        return desired;
    }

    /// <inheritdoc/>
    public Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping) =>
        keeper.SetAsync(key, WantedStatus.None, stopping);

    /// <inheritdoc/>
    public Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
    {
        reading.ThrowIfUnreadable();
        var drifts =
            from each in applied
            where IsOfCluster(each.Value)
            let difference = keeper.Difference(each.Key, translation.Of(each.Value))
            where difference is not null
            select new Drift(each.Key, difference);
        var known = keeper.Keys.ToHashSet();
        var orphans =
            from service in cluster.Services.Latest!.Objects.Values
            from key in mark.KeysOf(service)
            where !applied.ContainsKey(key) && !known.Contains(key)
            select new Orphan($"the status of Service {service.Name}", key);
        return Task.FromResult(new Observation(drifts.ToEquatableArray(), orphans.ToEquatableArray()));
    }

    /// <inheritdoc/>
    public Task FollowAsync(IAsyncEnumerable<EntryNews> news, CancellationToken stopping) =>
        teller.FollowAsync(news, KubernetesExtensions.Provider, stopping);

    private static bool IsOfCluster(ServiceDefinition definition) => definition.Provider == KubernetesExtensions.Provider;

    private async Task UntilStoppedAsync(Func<CancellationToken, Task> run)
    {
        try
        {
            await run(stopped.Token);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            // stopped
        }
    }
}
