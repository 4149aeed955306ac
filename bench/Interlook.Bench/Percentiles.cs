namespace Interlook.Bench;

/// <summary>Sorted samples.</summary>
internal sealed class Percentiles(IEnumerable<double> samples)
{
    private readonly double[] sorted = [.. samples.Order()];

    public double this[double percent] => sorted[Math.Min(sorted.Length - 1, (int)(percent / 100 * sorted.Length))];
}
