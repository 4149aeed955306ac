using Interlook.Collections;
using Interlook.Services;

namespace Interlook.Engine.Tests.Simulation;

/// <summary>Sees every call of every provisioner and holds it against the promises while it happens.</summary>
internal sealed class CallWatch(Violations violations, TimeSpan deadline)
{
    private readonly Dictionary<ServiceKey, Call> underWay = [];
    private readonly Dictionary<(string Step, ServiceKey Key), int> newest = [];
    private readonly Dictionary<(string Step, ServiceKey Key), (ServiceDefinition Given, TimeSpan At, int Failures)> failed = [];
    private World? world;

    /// <summary>Deploys and undeploys so far.</summary>
    public int Calls { get; private set; }

    public void Attach(World outside) => world = outside;

    /// <summary>The process was killed: its calls are over.</summary>
    public void ProcessDied()
    {
        underWay.Clear();
        failed.Clear();
    }

    public bool IsDeploying(ServiceKey key) => underWay.TryGetValue(key, out var call) && call.IsDeploy;

    public Call DeployBegins(string step, ServiceKey key, ServiceDefinition desired, TimeProvider time)
    {
        var call = Begin(step, key, isDeploy: true, time);
        var version = SimulatedPlatform.VersionOf(desired);
        if (newest.TryGetValue((step, key), out var applied) && version < applied)
            violations.Add(4, $"{step} was given definition {version} of {key} after {applied}");
        newest[(step, key)] = version;
        if (step != "ipam.simulated" && (desired.PublicIp is null || !desired.PublicIp.Equals(world!.Addresses.Leases.GetValueOrDefault(key))))
            violations.Add(3, $"{step} was given {key} with the address {desired.PublicIp}, which is not its lease");
        if (failed.TryGetValue((step, key), out var before) && before.Given == desired)
        {
            var waited = Now(time) - before.At;
            var least = TimeSpan.FromSeconds(Math.Min(300, Math.Pow(2, Math.Min(before.Failures - 1, 30)))) * 0.79;
            if (waited < least)
                violations.Add(6, $"{step} was asked for {key} again after {waited.TotalSeconds:0.00} s and {before.Failures} failures");
        }
        call.Given = desired;
        return call;
    }

    public Call UndeployBegins(string step, ServiceKey key, EquatableArray<ServiceDefinition> earlier, TimeProvider time)
    {
        var call = Begin(step, key, isDeploy: false, time);
        if (earlier.Count == 0)
            violations.Add(3, $"{step} was told to undeploy {key} without a trace");
        if (!world!.Platform.WasEverWithdrawn(key.Service))
            violations.Add(7, $"{step} was told to undeploy {key}, which the platform never withdrew");
        foreach (var later in world.StepsAfter(step))
        {
            if (later.Objects.TryGetValue(key, out var left) && left.Count > 0)
                violations.Add(3, $"{step} was told to undeploy {key} while {later.Step} still serves it");
        }
        return call;
    }

    private Call Begin(string step, ServiceKey key, bool isDeploy, TimeProvider time)
    {
        Calls++;
        if (underWay.TryGetValue(key, out var other))
            violations.Add(2, $"{step} was called for {key} while {other.Step} worked on it");
        var call = new Call(this, step, key, isDeploy, time, Now(time));
        underWay[key] = call;
        return call;
    }

    private void End(Call call, bool succeeded)
    {
        if (underWay.TryGetValue(call.Key, out var current) && ReferenceEquals(current, call))
            underWay.Remove(call.Key);
        var took = Now(call.Time) - call.Began;
        if (took > deadline + TimeSpan.FromSeconds(66))
            violations.Add(6, $"{call.Step} was left hanging on {call.Key} for {took.TotalSeconds:0} s");
        if (succeeded || took > deadline)
            failed.Remove((call.Step, call.Key));
        else if (call.Given is { } given)
        {
            // Failures count in a row: one at another step begins a new row.
            foreach (var other in failed.Keys.Where(each => each.Key == call.Key && each.Step != call.Step).ToList())
                failed.Remove(other);
            var failures = failed.TryGetValue((call.Step, call.Key), out var before) && before.Given == given ? before.Failures + 1 : 1;
            failed[(call.Step, call.Key)] = (given, Now(call.Time), failures);
        }
    }

    private static TimeSpan Now(TimeProvider time) => TimeSpan.FromTicks(time.GetTimestamp());

    internal sealed class Call(CallWatch watch, string step, ServiceKey key, bool isDeploy, TimeProvider time, TimeSpan began) : IDisposable
    {
        private bool succeeded;

        public string Step => step;

        public ServiceKey Key => key;

        public bool IsDeploy => isDeploy;

        public TimeProvider Time => time;

        public TimeSpan Began => began;

        public ServiceDefinition? Given { get; set; }

        public void Succeeded() => succeeded = true;

        public void Dispose() => watch.End(this, succeeded);
    }
}
