namespace Interlook.Api.Exposition;

/// <summary>The kinds of metric of the text format that we use.</summary>
internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}
