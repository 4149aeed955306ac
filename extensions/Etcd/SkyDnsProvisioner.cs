using System.Diagnostics.CodeAnalysis;
using System.Net;
using Interlook.Collections;
using Interlook.Provisioners;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Etcd;

/// <summary>Publishes services as records in etcd, from which CoreDNS and SkyDNS answer.</summary>
[SuppressMessage("Design", "CA1001", Justification = "An extension is stopped, not disposed; StopAsync lets go of everything.")]
internal sealed partial class SkyDnsProvisioner : IProvisioner
{
    private readonly SkyDnsOptions options;
    private readonly ExtensionContext context;
    private readonly ILogger logger;
    private readonly RecordPlan plan;
    private readonly CancellationTokenSource stopped = new();
    private readonly Lock gate = new();
    private HashSet<string> shared = [];
    private IKeySpace? keys;
    private RecordWriter? writer;
    private RecordKeeper? keeper;
    private Task keeping = Task.CompletedTask;

    internal SkyDnsProvisioner(SkyDnsOptions options, ExtensionContext context)
    {
        this.options = options;
        this.context = context;
        logger = context.Loggers.CreateLogger<SkyDnsProvisioner>();
        plan = new(options, context.Instance, Dns.GetHostName()); // whole: the runtime's machine name ends at the first dot
    }

    private IKeySpace Keys => keys ?? throw new InvalidOperationException("dns.skydns is not started");

    private RecordWriter Writer => writer ?? throw new InvalidOperationException("dns.skydns is not started");

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken stopping)
    {
        keys?.Dispose(); // of an earlier attempt
        var api = options.Api == "auto" ? await ServerInterface.FindAsync(options, context.Time, stopping) : options.Api;
        if (api != options.Api)
            Log.InterfaceFound(logger, options.Called, api);
        keys = api == "v2"
            ? new ExpiringKeySpace(options, plan, context.Time, context.IsReadOnly)
            : new LeasedKeySpace(options, plan, context.Time, context.IsReadOnly);
        if (context.IsReadOnly)
            return; // a lease would be something of ours outside
        await keys.OpenAsync(stopping);
        writer = new(keys, stopped.Token);
        keeper = new(keys, writer, new(options.LeaseTtl, context.Random), context.Time, context.Loggers.CreateLogger<RecordKeeper>(), options.Called);
        keeping = keeper.RunAsync(stopped.Token);
    }

    /// <inheritdoc/>
    public async Task ResumeAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
    {
        foreach (var (key, definition) in applied)
        {
            try
            {
                if (plan.Of(key, definition) is { Count: > 0 } records)
                    Writer.Resume(key, records);
            }
            catch (ExtensionException refusal)
            {
                Log.NotResumed(logger, key, refusal.Message);
            }
        }
        try
        {
            foreach (var (key, problem) in await Writer.RenewAsync(stopping))
                Log.NotResumed(logger, key, problem.Message);
        }
        catch (ExtensionException problem)
        {
            keeper!.MakeDue();
            Log.ResumesLater(logger, options.Called, problem.Message);
        }
    }

    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken stopping) => Keys.ProbeAsync(stopping);

    /// <summary>Leaves the records: they end with their lease unless Interlook comes back before that.</summary>
    public async Task StopAsync(CancellationToken stopping)
    {
        await stopped.CancelAsync();
        await keeping;
        keys?.Dispose();
        stopped.Dispose();
    }

    /// <inheritdoc/>
    public async Task<ServiceDefinition> DeployAsync(
        ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        await Writer.WriteAsync(new(key, plan.Of(key, desired), Former(key, earlier)), stopping);
        return desired;
    }

    /// <inheritdoc/>
    public async Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping) =>
        await Writer.WriteAsync(new(key, [], earlier.Count == 0 ? await MarkedAsync(key, stopping) : Former(key, earlier)), stopping);

    /// <inheritdoc/>
    public async Task<Observation> ObserveAsync(
        IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
    {
        var stored = await Keys.ReadAsync(plan.Root, stopping);
        ReportShared(stored);
        return RecordComparison.Compare(applied, plan, stored);
    }

    /// <summary>The keys that bear a service's mark, of which no definition is known any more.</summary>
    private async Task<HashSet<string>> MarkedAsync(ServiceKey key, CancellationToken stopping) =>
        [.. (await Keys.ReadAsync(plan.Root, stopping)).Where(record => plan.IsOurs(record.Mark) && record.Mark!.Value.Key == key).Select(record => record.Key)];

    private HashSet<string> Former(ServiceKey key, EquatableArray<ServiceDefinition> earlier) =>
        [.. earlier.SelectMany(definition => plan.Keys(key, definition))];

    /// <summary>Says once of each record that no Interlook wrote that it answers to a name of ours.</summary>
    private void ReportShared(IReadOnlyList<StoredRecord> stored)
    {
        var names = stored.Where(record => plan.IsOurs(record.Mark)).Select(record => Parent(record.Key)).ToHashSet(StringComparer.Ordinal);
        var foreign = stored.Where(record => record.Mark is null && names.Contains(Parent(record.Key))).Select(record => record.Key).ToHashSet();
        HashSet<string> before;
        lock (gate)
            (before, shared) = (shared, foreign);
        foreach (var key in foreign.Where(key => !before.Contains(key)))
            Log.NameShared(logger, string.Join('.', Parent(key)[(options.Prefix.Length + 2)..].Split('/').Reverse()), key);
    }

    private static string Parent(string key) => key[..key.LastIndexOf('/')];
}
