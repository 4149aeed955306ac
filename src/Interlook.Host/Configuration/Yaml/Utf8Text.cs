using System.Buffers;
using System.Text;

namespace Interlook.Host.Configuration.Yaml;

/// <summary>Turns a file's bytes into text, or says where they are none.</summary>
internal static class Utf8Text
{
    private const int Largest = 4 << 20;

    internal static string? Decode(ReadOnlySpan<byte> bytes, ProblemList problems)
    {
        if (bytes.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        if (bytes.Length > Largest)
        {
            problems.Add(Place.Start, $"is {bytes.Length} bytes long; a configuration of at most {Largest} bytes is read");
            return null;
        }
        var rest = bytes;
        while (!rest.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(rest, out var rune, out var consumed);
            if (status != OperationStatus.Done)
            {
                problems.Add(PlaceOf(bytes, bytes.Length - rest.Length), "is not UTF-8 text: save the file in that encoding");
                return null;
            }
            // The YAML parser takes a NUL for the end of the file and would silently ignore what follows.
            if (Rune.IsControl(rune) && rune.Value is not ('\t' or '\n' or '\r' or 0x85))
            {
                problems.Add(PlaceOf(bytes, bytes.Length - rest.Length), $"holds the control character U+{rune.Value:X4}: remove it");
                return null;
            }
            rest = rest[consumed..];
        }
        return Encoding.UTF8.GetString(bytes);
    }

    private static Place PlaceOf(ReadOnlySpan<byte> bytes, int offset)
    {
        var before = bytes[..offset];
        var line = before.LastIndexOf((byte)'\n');
        return new Place(before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[(line + 1)..]) + 1);
    }
}
