using System.Buffers;
using System.Globalization;

namespace Interlook.Api.Exposition;

/// <summary>A histogram with fixed buckets.</summary>
/// <param name="bounds">The buckets' upper bounds, rising; one more without a bound follows.</param>
internal sealed class HistogramSeries(double[] bounds) : Series
{
    private readonly long[] counts = new long[bounds.Length + 1];
    private double sum;

    public override void Record(double value)
    {
        var place = Array.BinarySearch(bounds, value);
        Interlocked.Increment(ref counts[place < 0 ? ~place : place]);
        Add(ref sum, value);
    }

    public override void Write(IBufferWriter<byte> text, string name, string labels)
    {
        var comma = labels.Length == 0 ? "" : ",";
        var total = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            // Every count is read once, so that the last bucket and _count agree while others record.
            total += Interlocked.Read(ref counts[i]);
            var bound = i < bounds.Length ? bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf";
            SampleText.Sample(text, $"{name}_bucket", $"{labels}{comma}le=\"{bound}\"", total);
        }
        SampleText.Sample(text, $"{name}_sum", labels, Volatile.Read(ref sum));
        SampleText.Sample(text, $"{name}_count", labels, total);
    }
}
