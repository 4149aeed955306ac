using System.Diagnostics.Metrics;
using Interlook.Engine.Status;
using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Providers;

namespace Interlook.Engine.Telemetry;

/// <summary>
/// The engine's metrics. What happens is recorded by the methods, without allocating; what stands is read from the engine's snapshots
/// when somebody scrapes. Safe for concurrent use.
/// </summary>
public sealed class EngineInstruments : IDisposable
{
    /// <summary>The meter's name; an extension with metrics of its own makes a meter of the same name.</summary>
    public const string MeterName = "Interlook";

    /// <summary>Upper bounds of the duration buckets in seconds: from a call in memory to the default <c>serviceWIPTimeout</c>.</summary>
    private static readonly double[] DurationBounds =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 90];

    private readonly IEngine engine;
    private readonly TimeProvider time;
    private readonly Meter meter;
    private readonly Histogram<double> stepDuration;
    private readonly Counter<long> stepErrors;
    private readonly Counter<long> providerEvents;
    private readonly Counter<long> providerErrors;
    private readonly Counter<long> drifts;

    /// <summary>Makes the meter and its instruments.</summary>
    /// <param name="engine">Whose snapshots the gauges read; also the meter's scope, which keeps two engines in one process apart.</param>
    /// <param name="time">The clock that tells the age of a provider's last snapshot.</param>
    public EngineInstruments(IEngine engine, TimeProvider time)
    {
        this.engine = engine;
        this.time = time;
        meter = new Meter(new MeterOptions(MeterName) { Scope = engine });
        stepDuration = meter.CreateHistogram(
            "interlook.step.duration",
            "s",
            "How long calls of a step took, failed ones included.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBounds });
        stepErrors = meter.CreateCounter<long>("interlook.step.errors", null, "Calls of a step that failed, by reason.");
        providerEvents = meter.CreateCounter<long>("interlook.provider.events", null, "What a provider said, by kind.");
        providerErrors = meter.CreateCounter<long>("interlook.provider.errors", null, "Failed reads of a platform, by reason.");
        drifts = meter.CreateCounter<long>("interlook.drifts", null, "Services that a resync found changed outside, by step.");
        CreateGauges();
    }

    /// <summary>A call of a step ended, well or not.</summary>
    public void StepEnded(string step, StepAction action, TimeSpan duration) =>
        stepDuration.Record(duration.TotalSeconds, Tag("step", step), Tag("action", Word(action)));

    /// <summary>A call of a step failed; counted besides <see cref="StepEnded"/>.</summary>
    public void StepFailed(string step, Reason reason) =>
        stepErrors.Add(1, Tag("step", step), Tag("reason", Word(reason)));

    /// <summary>A service was found changed outside.</summary>
    public void Drifted(string step) => drifts.Add(1, Tag("step", step));

    /// <summary>A provider said something.</summary>
    public void ProviderSaid(string provider, ProviderEvent said) =>
        providerEvents.Add(1, Tag("provider", provider), Tag("kind", Word(said)));

    /// <summary>A watch or a refresh failed.</summary>
    public void ProviderFailed(string provider, Reason reason) =>
        providerErrors.Add(1, Tag("provider", provider), Tag("reason", Word(reason)));

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    private void CreateGauges()
    {
        meter.CreateObservableGauge("interlook.entries", ObserveEntries, null, "Entries by workflow, state and expected state.");
        meter.CreateObservableGauge(
            "interlook.queue.depth",
            () => engine.Extensions().Where(IsStep).Select(step => new Measurement<long>(step.Waiting, Tag("step", step.Name))),
            null,
            "Services that wait for a step.");
        meter.CreateObservableGauge(
            "interlook.provider.sync.age", ObserveSyncAges, "s", "Time since a provider's last snapshot; absent before the first.");
        meter.CreateObservableGauge(
            "interlook.provider.held_withdrawals",
            () => engine.Providers().Select(provider => Count(provider, provider.HeldWithdrawals.Count)),
            null,
            "Services kept although a snapshot no longer named them, until that is confirmed or approved.");
        meter.CreateObservableGauge(
            "interlook.provider.rejections",
            () => engine.Providers().Select(provider => Count(provider, provider.Rejections.Count)),
            null,
            "What asks for publication and cannot have it.");
        meter.CreateObservableGauge(
            "interlook.orphans",
            () => engine.Extensions().Where(IsStep).Select(step => new Measurement<long>(step.Orphans.Count, Tag("step", step.Name))),
            null,
            "What bears our mark outside and no entry wants.");
        meter.CreateObservableGauge(
            "interlook.extension.connected",
            () => engine.Extensions()
                .Select(extension => new Measurement<long>(extension.Connected ? 1 : 0, Tag("extension", extension.Name))),
            null,
            "1 while the last check of an extension succeeded, else 0.");
    }

    private IEnumerable<Measurement<long>> ObserveEntries()
    {
        var counts = new Dictionary<(string Workflow, string State, ExpectedState Expected), long>();
        foreach (var entry in engine.Entries())
        {
            var group = (entry.Key.Workflow, entry.State, entry.Expected);
            counts[group] = counts.GetValueOrDefault(group) + 1;
        }
        return counts.Select(count => new Measurement<long>(
            count.Value,
            Tag("workflow", count.Key.Workflow),
            Tag("state", count.Key.State),
            Tag("expected", count.Key.Expected == ExpectedState.Deployed ? Entry.Deployed : Entry.Undeployed)));
    }

    private IEnumerable<Measurement<double>> ObserveSyncAges()
    {
        var now = time.GetUtcNow();
        foreach (var provider in engine.Providers())
        {
            // A wall clock set back must not show a negative age.
            if (provider.LastSync is { } last)
                yield return new Measurement<double>(Math.Max(0, (now - last).TotalSeconds), Tag("provider", provider.Name));
        }
    }

    private static bool IsStep(ExtensionStatus extension) => !extension.Name.StartsWith("provider.", StringComparison.Ordinal);

    private static Measurement<long> Count(ProviderStatus provider, int count) => new(count, Tag("provider", provider.Name));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private static string Word(StepAction action) => action switch
    {
        StepAction.Deploy => "deploy",
        StepAction.Undeploy => "undeploy",
        _ => "observe",
    };

    private static string Word(ProviderEvent said) => said switch
    {
        ProviderEvent.Snapshot => "snapshot",
        ProviderEvent.Published => "published",
        ProviderEvent.Withdrawn => "withdrawn",
        _ => "rejections",
    };

    private static string Word(Reason reason) => reason switch
    {
        Reason.Invalid => nameof(Reason.Invalid),
        Reason.Refused => nameof(Reason.Refused),
        Reason.Unauthorized => nameof(Reason.Unauthorized),
        Reason.Conflict => nameof(Reason.Conflict),
        Reason.Exhausted => nameof(Reason.Exhausted),
        Reason.Unreachable => nameof(Reason.Unreachable),
        Reason.Unavailable => nameof(Reason.Unavailable),
        Reason.Timeout => nameof(Reason.Timeout),
        Reason.Malformed => nameof(Reason.Malformed),
        _ => nameof(Reason.Internal),
    };
}
