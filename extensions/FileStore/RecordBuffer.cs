using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Interlook.Extensions.FileStore;

/// <summary>The rest of one journal line, after the revision: made on the caller's thread, copied by the commit, then used again.</summary>
internal sealed class RecordBuffer
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> bytes = new(1024);

    internal RecordBuffer() => Json = new Utf8JsonWriter(bytes, Options);

    /// <summary>Writes into this buffer.</summary>
    internal Utf8JsonWriter Json { get; }

    /// <summary>What was written since the last clearing, once <see cref="Json"/> is flushed.</summary>
    internal ReadOnlySpan<byte> Written => bytes.WrittenSpan;

    /// <summary>How much memory it holds.</summary>
    internal int Capacity => bytes.Capacity;

    /// <summary>Makes it empty.</summary>
    internal void Clear()
    {
        bytes.ResetWrittenCount();
        Json.Reset();
    }
}
