using System.Buffers;

namespace Interlook.Api.Exposition;

/// <summary>A counter, or a gauge that is moved up and down.</summary>
internal sealed class SumSeries : Series
{
    private double sum;

    public override void Record(double value) => Add(ref sum, value);

    public override void Write(IBufferWriter<byte> text, string name, string labels) =>
        SampleText.Sample(text, name, labels, Volatile.Read(ref sum));
}
