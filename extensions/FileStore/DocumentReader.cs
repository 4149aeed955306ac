using System.Text.Json;
using Interlook.Storage;

namespace Interlook.Extensions.FileStore;

/// <summary>Reads a document, or a file of an earlier system. What cannot be read is reported with line and column.</summary>
internal sealed class DocumentReader<T>(string path, IRecordCodec<T> codec)
    where T : class
{
    /// <summary>Reads a file's content.</summary>
    /// <returns>What it says, and whether it is of an earlier system.</returns>
    /// <exception cref="StoreException">It is damaged, or something else.</exception>
    internal (Contents<T> Contents, bool Earlier) Read(byte[] bytes)
    {
        if (bytes.Length == 0)
            return (new Contents<T>(1, 0, []), true); // made by hand, or emptied by the earlier system just before it went down
        var json = new Utf8JsonReader(bytes);
        try
        {
            return HasFormat(json) ? (ReadContents(ref json, bytes), false) : (ReadEarlier(bytes), true);
        }
        catch (Exception problem) when (problem is JsonException or FormatException or InvalidOperationException)
        {
            var (line, column) = (problem as JsonException)?.LineNumber is { } known
                ? (known + 1, ((JsonException)problem).BytePositionInLine + 1)
                : Position(bytes, json.TokenStartIndex);
            throw new StoreException(
                $"{path}, line {line}, column {column}: {Words(problem)}. The file is damaged: restore it from a backup; "
                + $"its {codec.Plural} are lost only if you delete it",
                problem);
        }
    }

    private static bool HasFormat(Utf8JsonReader json) =>
        json.Read() && json.TokenType == JsonTokenType.StartObject
        && json.Read() && json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("format"u8)
        && json.Read() && json.TokenType == JsonTokenType.Number;

    private Contents<T> ReadContents(ref Utf8JsonReader json, byte[] bytes)
    {
        json.Read();
        if (Number(ref json, "format") is var format && format != DocumentFile.Format)
        {
            throw new StoreException(
                $"{path} has format {format}, and this version of Interlook reads format {DocumentFile.Format}: run the version that wrote it, or restore a backup");
        }
        var journal = Number(ref json, "journal");
        var revision = Number(ref json, "revision");
        var records = new Dictionary<string, StoredRecord<T>>(StringComparer.Ordinal);
        Name(ref json, codec.Plural);
        Expect(json.Read() && json.TokenType == JsonTokenType.StartObject, "an object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString()!;
            Expect(json.Read() && json.TokenType == JsonTokenType.StartObject, "an object");
            var written = Number(ref json, "revision");
            if (written < 1 || written > revision)
                throw new JsonException($"revision {written} of '{key}' is not from 1 to {revision}");
            Name(ref json, "record");
            json.Read();
            if (!records.TryAdd(key, new StoredRecord<T>(new Revision(written), codec.Read(key, ref json))))
                throw new JsonException($"'{key}' is there twice");
            Expect(json.Read() && json.TokenType == JsonTokenType.EndObject, "the end of the record");
        }
        Expect(json.TokenType == JsonTokenType.EndObject && json.Read(), "the end of the document");
        if (json.TokenType == JsonTokenType.PropertyName)
            CheckSum(ref json, bytes);
        Expect(json.TokenType == JsonTokenType.EndObject && !json.Read(), "the end of the document");
        return new Contents<T>(journal, revision, records);
    }

    private static void CheckSum(ref Utf8JsonReader json, byte[] bytes)
    {
        var covered = bytes.AsSpan(0, (int)json.TokenStartIndex);
        covered = covered[..covered.LastIndexOf((byte)',')];
        Expect(json.ValueTextEquals("checksum"u8) && json.Read() && json.TokenType == JsonTokenType.String, "the checksum");
        if (!json.ValueTextEquals(Crc32C.Of(covered).ToString("x8", System.Globalization.CultureInfo.InvariantCulture)))
            throw new JsonException("the checksum does not fit the content (whoever changes the file by hand removes the checksum)");
        json.Read();
    }

    private Contents<T> ReadEarlier(byte[] bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        var records = document.RootElement.ValueKind == JsonValueKind.Null
            ? new Dictionary<string, T>() // the earlier system wrote an empty table so
            : codec.ReadEarlier(document.RootElement)
                ?? throw new JsonException($"this is neither a document of Interlook nor one of the earlier system's {codec.Plural}");
        var revision = 0L;
        return new Contents<T>(
            1,
            records.Count,
            [.. records.OrderBy(record => record.Key, StringComparer.Ordinal)
                .Select(record => KeyValuePair.Create(record.Key, new StoredRecord<T>(new Revision(++revision), record.Value)))]);
    }

    private static void Name(ref Utf8JsonReader json, string name) =>
        Expect(json.Read() && json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals(name), $"\"{name}\"");

    private static long Number(ref Utf8JsonReader json, string name)
    {
        Name(ref json, name);
        json.Read();
        return json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number)
            ? number
            : throw new JsonException($"\"{name}\" is not a whole number");
    }

    private static void Expect(bool held, string expected)
    {
        if (!held)
            throw new JsonException($"{expected} is expected here");
    }

    private static (long Line, long? Column) Position(byte[] bytes, long offset)
    {
        var before = bytes.AsSpan(0, (int)offset);
        return (before.Count((byte)'\n') + 1, offset - before.LastIndexOf((byte)'\n'));
    }

    private static string Words(Exception problem)
    {
        // The reader's own messages end with a position counted from 0; ours, counted from 1, stands in front.
        var words = problem.Message;
        var position = words.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (position < 0 ? words : words[..position]).TrimEnd('.', ' ');
    }
}
