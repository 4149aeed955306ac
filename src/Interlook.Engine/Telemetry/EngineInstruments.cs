using System.Diagnostics.Metrics;
using Interlook.Extensions;
using Interlook.Providers;

namespace Interlook.Engine.Telemetry;

/// <summary>The engine's measurements. Their names are a contract, listed in docs/telemetry.md.</summary>
public sealed class EngineInstruments : IDisposable
{
    /// <summary>The meter that all of Interlook measures under.</summary>
    public const string MeterName = "Interlook";

    private readonly Meter meter = new(MeterName);
    private readonly Histogram<double> stepDuration;
    private readonly Counter<long> stepErrors;
    private readonly Counter<long> providerEvents;

    /// <summary>Makes the instruments.</summary>
    /// <param name="engine">What the gauges read.</param>
    /// <param name="time">The clock.</param>
    public EngineInstruments(IEngine engine, TimeProvider time)
    {
        stepDuration = meter.CreateHistogram<double>("interlook.step.duration", "s", "Time a provisioner took for one call.");
        stepErrors = meter.CreateCounter<long>("interlook.step.errors", null, "Calls of a provisioner that failed.");
        providerEvents = meter.CreateCounter<long>("interlook.provider.events", null, "Events a provider delivered.");
        meter.CreateObservableGauge("interlook.entries", () => Entries(engine), null, "Entries by workflow, state and expected state.");
        meter.CreateObservableGauge("interlook.queue.depth", () => engine.Extensions().Select(each => Of(each.Waiting, "step", each.Name)), null, "Services that wait for a step.");
        meter.CreateObservableGauge("interlook.extension.connected", () => engine.Extensions().Select(each => Of(each.Connected ? 1 : 0, "extension", each.Name)), null, "1 while the extension reaches its system.");
        meter.CreateObservableGauge("interlook.extension.orphans", () => engine.Extensions().Select(each => Of(each.Orphans.Count, "extension", each.Name)), null, "Objects that bear our mark and belong to no entry.");
        meter.CreateObservableGauge("interlook.provider.sync.age", () => SyncAges(engine, time), "s", "Time since a provider's last snapshot.");
        meter.CreateObservableGauge("interlook.provider.held_withdrawals", () => engine.Providers().Select(each => Of(each.HeldWithdrawals.Count, "provider", each.Name)), null, "Services kept although the last snapshot did not name them.");
        meter.CreateObservableGauge("interlook.provider.rejections", () => engine.Providers().Select(each => Of(each.Rejections.Count, "provider", each.Name)), null, "What asks for publication and cannot have it.");
    }

    /// <summary>A call ended.</summary>
    /// <param name="step">The provisioner.</param>
    /// <param name="deploy">True for a deploy, false for an undeploy.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="failure">Why it failed; null when it succeeded.</param>
    public void StepEnded(string step, bool deploy, TimeSpan took, Reason? failure)
    {
        stepDuration.Record(took.TotalSeconds, new("step", step), new("action", deploy ? "deploy" : "undeploy"));
        if (failure is { } reason)
            stepErrors.Add(1, new("step", step), new("reason", reason.ToString()));
    }

    /// <summary>A provider delivered an event.</summary>
    public void ProviderSpoke(string provider, ProviderEvent happened) =>
        providerEvents.Add(1, new("provider", provider), new("kind", happened.GetType().Name));

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    private static Measurement<long> Of(long value, string tag, string name) => new(value, new KeyValuePair<string, object?>(tag, name));

    private static IEnumerable<Measurement<long>> Entries(IEngine engine) => engine.Entries()
        .GroupBy(entry => (entry.Key.Workflow, entry.State, entry.Expected))
        .Select(same => new Measurement<long>(
            same.Count(),
            new("workflow", same.Key.Workflow),
            new("state", same.Key.State),
            new("expected", same.Key.Expected.ToString().ToLowerInvariant())));

    private static IEnumerable<Measurement<double>> SyncAges(IEngine engine, TimeProvider time) => engine.Providers()
        .Where(provider => provider.LastSync is not null)
        .Select(provider => new Measurement<double>(
            (time.GetUtcNow() - provider.LastSync!.Value).TotalSeconds,
            new KeyValuePair<string, object?>("provider", provider.Name)));
}
