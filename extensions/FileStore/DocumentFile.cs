using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Interlook.Storage;

namespace Interlook.Extensions.FileStore;

/// <summary>Writes the document: all records, readable by a person, with a checksum at its end.</summary>
internal static class DocumentFile
{
    /// <summary>The format this program writes, and the only one with a format number that it reads.</summary>
    internal const int Format = 2;

    private const int ChunkSize = 256 * 1024;

    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Puts a new document in place of the old. A crash at any instant leaves one of the two. Other work runs between the chunks.
    /// </summary>
    /// <returns>Its length.</returns>
    internal static async Task<long> ReplaceAsync<T>(IDisk disk, string path, Contents<T> contents, IRecordCodec<T> codec)
        where T : class
    {
        long length;
        using (var file = disk.Create(FileNames.Next(path)))
        {
            length = await WriteAsync(file, contents, codec);
            file.Flush();
        }
        disk.Replace(FileNames.Next(path), path);
        disk.FlushNames(path);
        return length;
    }

    private static async Task<long> WriteAsync<T>(IDiskFile file, Contents<T> contents, IRecordCodec<T> codec)
        where T : class
    {
        var chunk = new ArrayBufferWriter<byte>(ChunkSize + (ChunkSize / 4));
        using var json = new Utf8JsonWriter(chunk, Options);
        var length = 0L;
        var checksum = Crc32C.Start;
        json.WriteStartObject();
        json.WriteNumber("format"u8, Format);
        json.WriteNumber("journal"u8, contents.Journal);
        json.WriteNumber("revision"u8, contents.Revision);
        json.WriteStartObject(codec.Plural);
        foreach (var (key, record) in contents.Records.OrderBy(record => record.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject(key);
            json.WriteNumber("revision"u8, record.Revision.Value);
            json.WritePropertyName("record"u8);
            codec.Write(json, record.Value);
            json.WriteEndObject();
            if (json.BytesPending + chunk.WrittenCount < ChunkSize)
                continue;
            Append();
            await Task.Yield();
        }
        json.WriteEndObject();
        Append();
        json.WriteString("checksum"u8, (~checksum).ToString("x8", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteEndObject();
        Append();
        file.Append("\n"u8);
        return length + 1;

        void Append()
        {
            json.Flush();
            checksum = Crc32C.Append(checksum, chunk.WrittenSpan);
            length += chunk.WrittenCount;
            file.Append(chunk.WrittenSpan);
            chunk.ResetWrittenCount();
        }
    }
}
