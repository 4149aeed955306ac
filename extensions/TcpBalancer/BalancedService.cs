using System.Net;
using Interlook.Extensions.TcpBalancer.Checking;
using Interlook.Extensions.TcpBalancer.Loop;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.TcpBalancer;

/// <summary>
/// A service: its listener, its targets, and how many connections it has. Applied and closed by one caller at a time; everything else is
/// safe for concurrent use.
/// </summary>
internal sealed partial class BalancedService(ServiceKey key, BalancerParts parts) : IDisposable
{
    private static readonly TimeSpan BetweenShortages = TimeSpan.FromSeconds(10);

    private readonly TcpBalancerOptions options = parts.Options;
    private readonly CancellationTokenSource closing = new();

    /// <summary>Guards the targets and whose turn it is; held for a choice, never across a call of the kernel.</summary>
    private readonly Lock gate = new();
    private BalancedTarget[] targets = [];
    private BalancedTarget[] draining = [];
    private volatile ServiceListener? listener;
    private volatile ServiceDefinition? applied;
    private volatile bool isFull;
    private volatile bool hadTarget = true;
    private long lastShortage = long.MinValue;
    private long refused;
    private int open;

    /// <summary>Whose it is.</summary>
    public ServiceKey Key => key;

    /// <summary>Where it listens; null before it was applied and after it was closed.</summary>
    public IPEndPoint? Endpoint => listener?.Endpoint;

    /// <summary>What it was last made to match.</summary>
    public ServiceDefinition? Applied => applied;

    /// <summary>Connections open now.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>Connections that were closed for want of a target.</summary>
    public long Refused => Interlocked.Read(ref refused);

    /// <summary>True while another connection may be taken.</summary>
    public bool HasRoom => Open < options.MaxConnections;

    /// <summary>How it fares.</summary>
    public ServiceCondition Condition
    {
        get
        {
            lock (gate)
            {
                var all = targets.Concat(draining.Where(target => target.IsDraining && target.Open > 0));
                return new ServiceCondition(Remark, [.. all.Select(target => target.Condition).OrderBy(each => each.Target)]);
            }
        }
    }

    private string? Remark => true switch
    {
        _ when targets.Length == 0 => "no targets: connections are closed at once",
        _ when targets.All(target => target.Weight == 0) => "every target has weight 0: connections are closed at once",
        _ when !targets.Any(target => target.TakesTraffic) => "no healthy target: connections are closed at once",
        _ when isFull => $"maxConnections ({options.MaxConnections}) is reached: further clients wait",
        _ => null,
    };

    /// <summary>Makes listener and targets match a definition. The new listener is open before the old one closes.</summary>
    /// <exception cref="ExtensionException">It cannot listen there; nothing was changed.</exception>
    public void Apply(ServiceDefinition definition, IPEndPoint endpoint)
    {
        var former = listener;
        if (former is null || !former.Endpoint.Equals(endpoint))
        {
            var (opened, error) = ServiceListener.Open(this, endpoint, parts.Loops, options, parts.Time);
            listener = opened ?? throw BindFailure.Of(key, endpoint, error);
            Log.Listening(parts.Logger, key.Path, endpoint);
        }
        applied = definition;
        Share(definition);
        listener!.Resume(); // its clients find the targets
        if (former is not null && former != listener)
        {
            former.Dispose();
            Log.Closed(parts.Logger, key.Path, former.Endpoint);
            _ = EndLaterAsync(relay => relay.Listener == former);
        }
        Changed();
    }

    /// <summary>Closes the listener. Connections go on for a while.</summary>
    public void Dispose()
    {
        if (listener is not { } former)
            return;
        former.Dispose();
        listener = null;
        Log.Closed(parts.Logger, key.Path, former.Endpoint);
        closing.Cancel();
        closing.Dispose();
        if (Open > 0)
            _ = EndLaterAsync(relay => relay.Listener?.Service == this);
        parts.Changes.Add(key);
    }

    /// <summary>Chooses the target of a connection and counts it there.</summary>
    /// <param name="tried">Those it tried in vain.</param>
    public BalancedTarget? Choose(List<BalancedTarget>? tried)
    {
        lock (gate)
        {
            var chosen = TargetChoice.Pick(targets, tried, options.LeastConnections);
            chosen?.Enter();
            return chosen;
        }
    }

    /// <summary>A target failed a client. Told with the clock's timestamp.</summary>
    public void ConnectFailed(BalancedTarget target, Libc.Error error) => target.ConnectFailed(error, parts.Time.GetTimestamp());

    /// <summary>A connection was closed for want of a target.</summary>
    public void Refuse() => Interlocked.Increment(ref refused);

    /// <summary>Asks for room for one more connection.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref open) <= options.MaxConnections)
            return true;
        Interlocked.Decrement(ref open);
        if (!isFull)
        {
            isFull = true;
            Log.Full(parts.Logger, key.Path, options.MaxConnections);
            parts.Changes.Add(key);
        }
        return false;
    }

    /// <summary>Gives the room back.</summary>
    public void Leave()
    {
        var left = Interlocked.Decrement(ref open);
        if (!isFull)
            return;
        listener?.Resume();
        // The remark goes only when there is some room, so that it does not come and go with every connection.
        if (left > options.MaxConnections - Math.Max(1, options.MaxConnections / 10))
            return;
        isFull = false;
        parts.Changes.Add(key);
    }

    /// <summary>This machine has no descriptors or ports left for it.</summary>
    public void RunShort(Libc.Error error)
    {
        var (now, last) = (parts.Time.GetTimestamp(), Interlocked.Read(ref lastShortage));
        if (last != long.MinValue && parts.Time.GetElapsedTime(last, now) < BetweenShortages)
            return;
        if (Interlocked.CompareExchange(ref lastShortage, now, last) == last)
            Log.Short(parts.Logger, key.Path, parts.Loops.MostConnections, Libc.Describe(error));
    }

    private void Share(ServiceDefinition definition)
    {
        List<BalancedTarget> added = [], removed;
        lock (gate)
        {
            var known = targets.Concat(draining).ToDictionary(target => (target.Host, target.Port));
            removed = [.. targets];
            var wanted = new BalancedTarget[definition.Targets.Count];
            for (var i = 0; i < wanted.Length; i++)
            {
                var target = definition.Targets[i];
                if (known.TryGetValue((target.Host, target.Port), out var kept))
                    removed.Remove(kept);
                else
                    kept = new BalancedTarget(target, options, Judged);
                kept.Weight = target.Weight;
                if (Array.IndexOf(targets, kept) < 0)
                    added.Add(kept);
                wanted[i] = kept;
            }
            draining = [.. draining.Except(wanted).Concat(removed).Where(target => target.Open > 0)];
            targets = wanted;
        }
        foreach (var target in removed)
            Remove(target);
        foreach (var target in added)
            Begin(target);
    }

    private void Begin(BalancedTarget target)
    {
        target.Return();
        target.Watching = CancellationTokenSource.CreateLinkedTokenSource(closing.Token);
        _ = new TargetWatch(target, this, parts).RunAsync(target.Watching.Token);
    }

    private void Remove(BalancedTarget target)
    {
        target.Drain();
        target.Watching?.Cancel();
        target.Watching?.Dispose();
        var drain = target.Drains;
        if (target.Open > 0)
            _ = EndLaterAsync(relay => relay.Target == target && target.IsDraining && target.Drains == drain);
    }

    /// <summary>Ends connections when they had their time to end by themselves.</summary>
    private async Task EndLaterAsync(Predicate<Relay> which)
    {
        await Task.Delay(options.DrainTimeout, parts.Time, CancellationToken.None);
        await parts.Loops.EndAsync(which);
        lock (gate)
            draining = [.. draining.Where(target => target.Open > 0)];
        parts.Changes.Add(key);
    }

    private void Judged(BalancedTarget target)
    {
        var condition = target.Condition;
        if (condition.Health == TargetHealth.Unhealthy)
            Log.Down(parts.Logger, condition.Target.Endpoint, key.Path, condition.Problem ?? "");
        else
            Log.Up(parts.Logger, condition.Target.Endpoint, key.Path, condition.Health);
        Changed();
    }

    private void Changed()
    {
        bool has;
        lock (gate)
            has = targets.Any(target => target.TakesTraffic);
        if (hadTarget && !has)
            Log.NoTarget(parts.Logger, key.Path);
        hadTarget = has;
        parts.Changes.Add(key);
    }
}
