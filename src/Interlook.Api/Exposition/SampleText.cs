using System.Buffers;
using System.Globalization;
using System.Text;

namespace Interlook.Api.Exposition;

/// <summary>Writes lines of the Prometheus text format, version 0.0.4.</summary>
internal static class SampleText
{
    /// <summary>The two lines before a family's samples.</summary>
    public static void Head(IBufferWriter<byte> text, string name, string help, MetricKind kind)
    {
        var type = kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Histogram => "histogram",
            _ => "gauge",
        };
        var escaped = help.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
        Put(text, $"# HELP {name} {escaped}\n# TYPE {name} {type}\n");
    }

    /// <summary>One sample.</summary>
    public static void Sample(IBufferWriter<byte> text, string name, string labels, double value)
    {
        Put(text, name);
        if (labels.Length > 0)
        {
            Put(text, "{");
            Put(text, labels);
            Put(text, "}");
        }
        Put(text, " ");
        Put(text, value switch
        {
            double.PositiveInfinity => "+Inf",
            double.NegativeInfinity => "-Inf",
            _ => value.ToString("R", CultureInfo.InvariantCulture),
        });
        Put(text, "\n");
    }

    private static void Put(IBufferWriter<byte> text, string piece) => Encoding.UTF8.GetBytes(piece, text);
}
