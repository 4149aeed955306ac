using System.Net;
using Interlook.Extensions.TcpBalancer.Loop;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.TcpBalancer;

/// <summary>A target while it has a place in a service: its health, and what it carries. Safe for concurrent use.</summary>
internal sealed class BalancedTarget
{
    private readonly TcpBalancerOptions options;
    private readonly HealthRecord record;
    private readonly Action<BalancedTarget> changed;
    private readonly Lock gate = new();
    private volatile TargetAddress? address;
    private volatile bool isUp = true;
    private volatile bool isDraining;
    private volatile int weight;
    private int open;
    private long connections;
    private long failures;
    private long received;
    private long sent;

    /// <summary>A target that gets traffic as soon as its address is known.</summary>
    /// <param name="target">What the definition says.</param>
    /// <param name="options">The extension's settings.</param>
    /// <param name="changed">Is told when the health has changed; called without a lock.</param>
    public BalancedTarget(Target target, TcpBalancerOptions options, Action<BalancedTarget> changed)
    {
        (Host, Port, weight, this.options, this.changed) = (target.Host, target.Port, target.Weight, options, changed);
        record = new HealthRecord(options.Rise, options.Fall);
        if (IPAddress.TryParse(Host, out var literal))
            address = new TargetAddress(new IPEndPoint(literal, Port));
    }

    /// <summary>Address or name.</summary>
    public string Host { get; }

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>Its share; 0 takes no new connections.</summary>
    public int Weight
    {
        get => weight;
        set => weight = value;
    }

    /// <summary>What round robin owes it; the service's to guard.</summary>
    public int Credit { get; set; }

    /// <summary>Where it is; null while its name is not resolved.</summary>
    public TargetAddress? Address
    {
        get => address;
        set => address = value;
    }

    /// <summary>Ends its checks; the service's to set.</summary>
    public CancellationTokenSource? Watching { get; set; }

    /// <summary>True when it may have the next connection.</summary>
    public bool TakesTraffic => isUp && !isDraining && weight > 0 && address is not null;

    /// <summary>True after it was removed, until it comes back.</summary>
    public bool IsDraining => isDraining;

    /// <summary>How often it was removed, so that one drain is not ended by the time of an earlier one.</summary>
    public int Drains { get; private set; }

    /// <summary>Connections open now, those being made included.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>When failed connects last ejected it, by the clock's timestamp.</summary>
    public long EjectedAt { get; private set; }

    /// <summary>How it fares.</summary>
    public TargetCondition Condition
    {
        get
        {
            lock (gate)
            {
                var traffic = new Traffic(
                    Open, Interlocked.Read(ref connections), Interlocked.Read(ref failures), Interlocked.Read(ref received), Interlocked.Read(ref sent));
                return new TargetCondition(
                    new Target(Host, Port, weight), isDraining ? TargetHealth.Draining : record.Health, isDraining ? null : record.Problem, traffic);
            }
        }
    }

    /// <summary>A client is about to be connected to it.</summary>
    public void Enter() => Interlocked.Increment(ref open);

    /// <summary>A client has left, or was never connected.</summary>
    public void Left() => Interlocked.Decrement(ref open);

    /// <summary>A client was connected to it.</summary>
    public void Connected()
    {
        Interlocked.Increment(ref connections);
        if (!record.HasFailedConnects)
            return;
        lock (gate)
            record.ConnectPassed();
    }

    /// <summary>A client could not be connected to it.</summary>
    public void ConnectFailed(Libc.Error error, long now)
    {
        Interlocked.Increment(ref failures);
        if (Libc.IsShortage(error))
            return; // this machine's fault
        var why = error is Libc.Error.TimedOut ? "did not answer in time" : Libc.Describe(error);
        Judge(health =>
        {
            var ejected = health.ConnectFailed($"a client could not be connected to {Address?.Endpoint}: {why}");
            if (ejected)
                EjectedAt = now;
            return ejected;
        });
    }

    /// <summary>Bytes went through.</summary>
    public void Carried(long fromClient, long toClient)
    {
        if (fromClient > 0)
            Interlocked.Add(ref received, fromClient);
        if (toClient > 0)
            Interlocked.Add(ref sent, toClient);
    }

    /// <summary>A check ended.</summary>
    /// <param name="problem">Null when it went well.</param>
    public void Checked(string? problem) => Judge(health => problem is null ? health.CheckPassed() : health.CheckFailed(problem));

    /// <summary>Gives it another chance.</summary>
    public void Forget() => Judge(health => health.Forget());

    /// <summary>Takes it out: it keeps what it has and gets nothing new.</summary>
    public void Drain()
    {
        Drains++;
        isDraining = true;
    }

    /// <summary>Takes it in again.</summary>
    public void Return()
    {
        isDraining = false;
        lock (gate)
        {
            record.Forget();
            isUp = true;
        }
    }

    private void Judge(Func<HealthRecord, bool> judge)
    {
        bool hasChanged;
        lock (gate)
        {
            hasChanged = judge(record);
            isUp = record.Health != TargetHealth.Unhealthy;
        }
        if (hasChanged && !isDraining)
            changed(this);
    }
}
