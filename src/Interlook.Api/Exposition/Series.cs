using System.Buffers;

namespace Interlook.Api.Exposition;

/// <summary>The numbers of one label set. Recording takes no lock and allocates nothing.</summary>
internal abstract class Series
{
    /// <summary>Takes a measurement.</summary>
    public abstract void Record(double value);

    /// <summary>Writes the sample lines.</summary>
    public abstract void Write(IBufferWriter<byte> text, string name, string labels);

    /// <summary>Adds to a number that others add to as well.</summary>
    protected static void Add(ref double sum, double value)
    {
        var seen = Volatile.Read(ref sum);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref sum, seen + value, seen);

            // By bits, because a sum that is not a number never equals itself.
            if (BitConverter.DoubleToInt64Bits(before) == BitConverter.DoubleToInt64Bits(seen))
                return;
            seen = before;
        }
    }
}
