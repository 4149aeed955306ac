using System.Diagnostics.Metrics;
using Interlook.Api.Answers;
using Interlook.Engine.Telemetry;

namespace Interlook.Api.Exposition;

/// <summary>Reads how full the pools of addresses are, from the metric that address steps keep. Safe for concurrent use.</summary>
internal sealed class PoolGauge : IDisposable
{
    private const string Instrument = "interlook.pool.addresses";

    private readonly Lock gate = new();
    private readonly SortedDictionary<(string Step, string Network), (long Used, long Size)> pools = [];
    private readonly MeterListener listener = new();

    /// <param name="scope">Meters with another scope than this one, or none, are another engine's.</param>
    public PoolGauge(object? scope)
    {
        listener.InstrumentPublished = (instrument, to) =>
        {
            var meter = instrument.Meter;
            if (instrument.Name == Instrument && meter.Name == EngineInstruments.MeterName && (meter.Scope is null || ReferenceEquals(meter.Scope, scope)))
                to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) => Take(value, tags));
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Take(value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => Take((long)value, tags));
        listener.Start();
    }

    /// <summary>The pools as they are now, by step and network.</summary>
    public PoolAnswer[] Read()
    {
        lock (gate)
        {
            pools.Clear();
            try
            {
                listener.RecordObservableInstruments();
            }
            catch (AggregateException)
            {
                // A pool that cannot be read is not shown; GET /metrics logs it.
            }
            return [.. pools.Select(pool => new PoolAnswer(pool.Key.Step, pool.Key.Network is "" ? null : pool.Key.Network, pool.Value.Used, pool.Value.Size))];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();

    private void Take(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (step, network, state) = ("", "", "");
        foreach (var (name, tag) in tags)
        {
            if (name == "extension")
                step = tag?.ToString() ?? "";
            else if (name == "network")
                network = tag?.ToString() ?? "";
            else if (name == "state")
                state = tag?.ToString() ?? "";
        }
        var pool = pools.GetValueOrDefault((step, network));
        pools[(step, network)] = state == "size" ? pool with { Size = value } : pool with { Used = value };
    }
}
