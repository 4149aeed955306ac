using System.Buffers.Text;
using System.Text.Json;

namespace Interlook.Extensions.FileStore;

/// <summary>
/// One line of a journal: eight hexadecimal digits of CRC-32C, a space, one JSON object, a line feed. The object is
/// <c>{"revision":7,"key":"…","value":…}</c>, or <c>{"revision":8,"key":"…","deleted":true}</c>.
/// </summary>
internal static class JournalLine
{
    /// <summary>Length of the checksum and the space.</summary>
    internal const int Mark = 9;

    private const int LongestNumber = 20;

    private static ReadOnlySpan<byte> Opening => "{\"revision\":"u8;

    /// <summary>The bytes a line takes at most, besides what <see cref="WriteRest{T}"/> wrote.</summary>
    internal static int Overhead => Mark + Opening.Length + LongestNumber + 1;

    /// <summary>Writes all of the line that does not depend on the revision.</summary>
    internal static void WriteRest<T>(RecordBuffer buffer, string key, T? value, Storage.IRecordCodec<T> codec)
        where T : class
    {
        buffer.Clear();
        var json = buffer.Json;
        json.WriteStartObject();
        json.WriteString("key"u8, key);
        if (value is null)
        {
            json.WriteBoolean("deleted"u8, true);
        }
        else
        {
            json.WritePropertyName("value"u8);
            codec.Write(json, value);
        }
        json.WriteEndObject();
        json.Flush();
    }

    /// <summary>Writes a whole line.</summary>
    /// <returns>Its length.</returns>
    internal static int Compose(Span<byte> line, long revision, ReadOnlySpan<byte> rest)
    {
        Opening.CopyTo(line[Mark..]);
        var end = Mark + Opening.Length;
        Utf8Formatter.TryFormat(revision, line[end..], out var digits);
        end += digits;
        line[end++] = (byte)',';
        rest[1..].CopyTo(line[end..]); // without its opening brace
        end += rest.Length - 1;
        Utf8Formatter.TryFormat(Crc32C.Of(line[Mark..end]), line, out _, new System.Buffers.StandardFormat('x', 8));
        line[Mark - 1] = (byte)' ';
        line[end++] = (byte)'\n';
        return end;
    }

    /// <summary>True when the checksum of a line (without its line feed) is right.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> line) =>
        line.Length > Mark
        && line[Mark - 1] == ' '
        && Utf8Parser.TryParse(line[..(Mark - 1)], out uint checksum, out var digits, 'x')
        && digits == Mark - 1
        && !line[..digits].ContainsAnyInRange((byte)'A', (byte)'F')
        && checksum == Crc32C.Of(line[Mark..]);

    /// <summary>Reads the object of a line.</summary>
    /// <exception cref="JsonException">It is not such an object.</exception>
    internal static (long Revision, string Key, T? Value) Read<T>(ReadOnlySpan<byte> line, Storage.IRecordCodec<T> codec)
        where T : class
    {
        var json = new Utf8JsonReader(line[Mark..]);
        Expect(json.Read() && json.TokenType == JsonTokenType.StartObject);
        Expect(json.Read() && json.ValueTextEquals("revision"u8) && json.Read() && json.TokenType == JsonTokenType.Number);
        var revision = json.GetInt64();
        Expect(json.Read() && json.ValueTextEquals("key"u8) && json.Read() && json.TokenType == JsonTokenType.String);
        var key = json.GetString()!;
        Expect(json.Read() && json.TokenType == JsonTokenType.PropertyName);
        T? value = null;
        if (json.ValueTextEquals("value"u8))
        {
            Expect(json.Read());
            value = codec.Read(key, ref json);
        }
        else
        {
            Expect(json.ValueTextEquals("deleted"u8) && json.Read() && json.TokenType == JsonTokenType.True);
        }
        Expect(json.Read() && json.TokenType == JsonTokenType.EndObject && !json.Read());
        return (revision, key, value);
    }

    private static void Expect(bool held)
    {
        if (!held)
            throw new JsonException("this is not a journal line of Interlook");
    }
}
