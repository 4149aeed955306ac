using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Interlook.Api.Exposition;

/// <summary>All series of one metric name. Recording is safe from any thread and takes no lock once a label set is known.</summary>
internal sealed class MetricFamily
{
    /// <summary>For a histogram whose instrument names no bounds: Prometheus clients' usual ones, in seconds.</summary>
    private static readonly double[] UsualBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly ConcurrentDictionary<LabelSet, Series> all = new(LabelComparer.Instance);
    private readonly ConcurrentDictionary<LabelSet, Series>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> byTags;
    private readonly Func<Series> create;
    private readonly string help;

    private MetricFamily(string name, string help, MetricKind kind, Func<Series> create)
    {
        Name = name;
        Kind = kind;
        this.help = help;
        this.create = create;
        byTags = all.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    /// <summary>The metric's name.</summary>
    public string Name { get; }

    /// <summary>What kind it is.</summary>
    public MetricKind Kind { get; }

    /// <summary>How many instruments record into it.</summary>
    public int Instruments { get; set; }

    /// <summary>The family an instrument belongs to; null for a kind of instrument that is not known.</summary>
    public static MetricFamily? For(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        var kind = KindOf(type);
        if (kind is not { } known)
            return null;
        Func<Series> create = known switch
        {
            MetricKind.Histogram => () => new HistogramSeries(BoundsOf(instrument)),
            _ when type == typeof(Counter<>) || type == typeof(UpDownCounter<>) => () => new SumSeries(),
            _ => () => new LastSeries(),
        };
        return new MetricFamily(MetricName.Of(instrument, known), instrument.Description ?? instrument.Name, known, create);
    }

    /// <summary>Takes a measurement.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!byTags.TryGetValue(tags, out var series))
            series = all.GetOrAdd(new LabelSet(tags), static (_, make) => make(), create);
        series.Record(value);
    }

    /// <summary>Forgets every series: what is observed is said anew at each scrape, and what is not said has gone.</summary>
    public void Clear() => all.Clear();

    /// <summary>Writes the family, its series sorted; nothing when there is none.</summary>
    public void Write(IBufferWriter<byte> text)
    {
        var sorted = all.ToArray();
        if (sorted.Length == 0)
            return;
        Array.Sort(sorted, static (left, right) => string.CompareOrdinal(left.Key.Text, right.Key.Text));
        SampleText.Head(text, Name, help, Kind);
        foreach (var (labels, series) in sorted)
            series.Write(text, Name, labels.Text);
    }

    private static MetricKind? KindOf(Type instrument) => instrument switch
    {
        _ when instrument == typeof(Counter<>) || instrument == typeof(ObservableCounter<>) => MetricKind.Counter,
        _ when instrument == typeof(Histogram<>) => MetricKind.Histogram,
        _ when instrument == typeof(Gauge<>) || instrument == typeof(ObservableGauge<>)
            || instrument == typeof(UpDownCounter<>) || instrument == typeof(ObservableUpDownCounter<>) => MetricKind.Gauge,
        _ => null,
    };

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Instrument<double> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds],
        Instrument<long> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds.Select(bound => (double)bound)],
        Instrument<int> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => UsualBounds,
    };
}
