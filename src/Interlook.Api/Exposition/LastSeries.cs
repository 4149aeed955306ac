using System.Buffers;

namespace Interlook.Api.Exposition;

/// <summary>A gauge, or a counter whose owner keeps the count: the last value said.</summary>
internal sealed class LastSeries : Series
{
    private double last;

    public override void Record(double value) => Volatile.Write(ref last, value);

    public override void Write(IBufferWriter<byte> text, string name, string labels) =>
        SampleText.Sample(text, name, labels, Volatile.Read(ref last));
}
