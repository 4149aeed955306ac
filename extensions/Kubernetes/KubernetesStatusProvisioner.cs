using System.Diagnostics.CodeAnalysis;
using Interlook.Collections;
using Interlook.Entries;
using Interlook.Extensions.Kubernetes.Answering;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Provisioners;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Kubernetes;

/// <summary>Writes back to Services where they are published, and how they fare.</summary>
[SuppressMessage("Design", "CA1001", Justification = "An extension is stopped, not disposed; StopAsync lets go of everything.")]
internal sealed partial class KubernetesStatusProvisioner : IProvisioner, IEntryFollower
{
    private static readonly TimeSpan BeforeAnotherRun = TimeSpan.FromSeconds(5);

    private readonly Func<(ICluster Cluster, IStatusServer Server, IAsyncDisposable Hold)> open;
    private readonly Func<Service, bool> isOurs;
    private readonly ExtensionContext context;
    private readonly ILogger logger;
    private readonly StatusMark mark;
    private readonly StatusTranslation translation;
    private readonly CancellationTokenSource stopped = new();
    private IAsyncDisposable? hold;
    private ClusterReading? reading;
    private StatusKeeper? keeper;
    private EntryTeller? teller;
    private Task keeping = Task.CompletedTask;

    /// <param name="options">What is written.</param>
    /// <param name="isOurs">Whether the status of a Service is ours to write.</param>
    /// <param name="open">Opens the cluster, and says what is to be let go of at the end. Called at the start.</param>
    /// <param name="context">Who we are, the clock, the loggers.</param>
    internal KubernetesStatusProvisioner(
        KubernetesStatusOptions options,
        Func<Service, bool> isOurs,
        Func<(ICluster Cluster, IStatusServer Server, IAsyncDisposable Hold)> open,
        ExtensionContext context)
    {
        this.isOurs = isOurs;
        this.open = open;
        this.context = context;
        logger = context.Loggers.CreateLogger(context.Name);
        mark = new(context.Instance);
        translation = new(context.Name, options.HostNames);
    }

    private ClusterReading Reading => reading ?? throw NotStarted();

    private StatusKeeper Keeper => keeper ?? throw NotStarted();

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken stopping)
    {
        if (reading is null)
        {
            (var cluster, var server, hold) = open();
            reading = new(cluster, needsNodes: false);
            keeper = new(cluster.Services, server, mark, isOurs, context.Time, logger);
            var events = new EventWriter(cluster.Services, server, context.Time, context.Random, logger);
            teller = new(translation, keeper, events, logger);
            if (!context.IsReadOnly)
                keeping = Task.WhenAll(UntilStoppedAsync(keeper.RunAsync), UntilStoppedAsync(events.RunAsync));
        }
        await reading.WaitAsync(context.Time, stopping);
    }

    /// <inheritdoc/>
    public Task ResumeAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
    {
        foreach (var (key, definition) in applied)
        {
            if (IsOfCluster(definition))
                Keeper.Resume(key, translation.Of(definition));
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken stopping) => Reading.CheckAsync(stopping);

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken stopping)
    {
        await stopped.CancelAsync();
        await keeping;
        if (hold is not null)
            await hold.DisposeAsync();
        stopped.Dispose();
    }

    /// <inheritdoc/>
    public async Task<ServiceDefinition> DeployAsync(
        ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        if (IsOfCluster(desired))
            await Keeper.SetAsync(key, translation.Of(desired), stopping);
        return desired;
    }

    /// <inheritdoc/>
    public Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping) =>
        Keeper.SetAsync(key, WantedStatus.None, stopping);

    /// <inheritdoc/>
    public async Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
    {
        await Reading.RecoverAsync(context.Time, stopping); // what is compared is what the informer holds
        var drifts =
            from each in applied
            where IsOfCluster(each.Value)
            let difference = Keeper.Difference(each.Key, translation.Of(each.Value))
            where difference is not null
            select new Drift(each.Key, difference);
        var orphans =
            from service in Reading.Services.Latest!.Objects.Values
            from key in mark.KeysOf(service)
            where !applied.ContainsKey(key) && !Keeper.IsFailingOrGoing(key)
            select new Orphan($"the status of Service {service.Name}", key);
        return new Observation(drifts.ToEquatableArray(), orphans.ToEquatableArray());
    }

    /// <inheritdoc/>
    public Task FollowAsync(IAsyncEnumerable<EntryNews> news, CancellationToken stopping) =>
        (teller ?? throw NotStarted()).FollowAsync(news, KubernetesExtensions.Provider, stopping);

    private static bool IsOfCluster(ServiceDefinition definition) => definition.Provider == KubernetesExtensions.Provider;

    private InvalidOperationException NotStarted() => new($"{context.Name} is not started");

    /// <summary>Runs again after an unforeseen end, so that nothing stays undone in silence.</summary>
    private async Task UntilStoppedAsync(Func<CancellationToken, Task> run)
    {
        while (true)
        {
            try
            {
                await run(stopped.Token);
            }
            catch (OperationCanceledException) when (stopped.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                Log.BeginsAgain(logger, fault, context.Name);
            }
            try
            {
                await Task.Delay(BeforeAnotherRun, context.Time, stopped.Token);
            }
            catch (OperationCanceledException) when (stopped.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
