using System.Buffers;
using System.Diagnostics.Metrics;
using Interlook.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Interlook.Api.Exposition;

/// <summary>
/// Gathers the measurements of every meter named <see cref="EngineInstruments.MeterName"/> and writes them in the Prometheus text format.
/// Safe for concurrent use; scrapes wait for one another, recording waits for nobody.
/// </summary>
internal sealed partial class PrometheusExposition : IDisposable
{
    private readonly SortedDictionary<string, MetricFamily> families = new(StringComparer.Ordinal);
    private readonly HashSet<MetricFamily> observed = [];
    private readonly Lock familyGate = new();
    private readonly Lock scrapeGate = new();
    private readonly MeterListener listener = new();
    private readonly object? scope;
    private readonly ILogger<PrometheusExposition> logger;

    /// <param name="scope">Meters with another scope than this one, or none, are another engine's.</param>
    /// <param name="logger">Told when an instrument cannot be read or shown.</param>
    public PrometheusExposition(object? scope, ILogger<PrometheusExposition> logger)
    {
        this.scope = scope;
        this.logger = logger;
        listener.InstrumentPublished = Publish;
        listener.MeasurementsCompleted = Complete;
        listener.SetMeasurementEventCallback<byte>(static (_, value, tags, family) => Record(family, value, tags));
        listener.SetMeasurementEventCallback<short>(static (_, value, tags, family) => Record(family, value, tags));
        listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => Record(family, value, tags));
        listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => Record(family, value, tags));
        listener.SetMeasurementEventCallback<float>(static (_, value, tags, family) => Record(family, value, tags));
        listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => Record(family, value, tags));
        listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, family) => Record(family, (double)value, tags));
        listener.Start();
    }

    /// <summary>Writes everything, families and series in order of their names.</summary>
    public void Write(IBufferWriter<byte> text)
    {
        lock (scrapeGate)
        {
            MetricFamily[] all;
            lock (familyGate)
            {
                foreach (var family in observed)
                    family.Clear();
                all = [.. families.Values];
            }
            try
            {
                listener.RecordObservableInstruments();
            }
            catch (AggregateException failure)
            {
                // The others have been read all the same.
                Log.NotObserved(logger, failure);
            }
            foreach (var family in all)
                family.Write(text);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();

    private static void Record(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((MetricFamily)family!).Record(value, tags);

    private void Publish(Instrument instrument, MeterListener to)
    {
        var meter = instrument.Meter;
        if (meter.Name != EngineInstruments.MeterName || (meter.Scope is not null && !ReferenceEquals(meter.Scope, scope)))
            return;
        if (MetricFamily.For(instrument) is not { } family)
            return;
        lock (familyGate)
        {
            if (families.TryGetValue(family.Name, out var known))
            {
                if (known.Kind != family.Kind || observed.Contains(known) != instrument.IsObservable)
                {
                    Log.NamesClash(logger, instrument.Name, family.Name);
                    return;
                }
                family = known;
            }
            family.Instruments++;
            families[family.Name] = family;
            if (instrument.IsObservable)
                observed.Add(family);
        }
        to.EnableMeasurementEvents(instrument, family);
    }

    private void Complete(Instrument instrument, object? state)
    {
        if (state is not MetricFamily family)
            return;
        lock (familyGate)
        {
            if (--family.Instruments > 0)
                return;
            families.Remove(family.Name);
            observed.Remove(family);
        }
    }
}
