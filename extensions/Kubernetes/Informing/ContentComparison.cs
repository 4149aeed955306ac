using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Informing;

/// <summary>
/// Says whether two states of an object say the same, by what is read of it, as JSON, without the version: a field that is read one day is compared
/// from that day on. Nodes report every few seconds, and nearly always the same. Used by one thread at a time.
/// </summary>
internal sealed class ContentComparison<T>(JsonTypeInfo<T> json)
    where T : KubernetesObject
{
    private readonly ArrayBufferWriter<byte> one = new();
    private readonly ArrayBufferWriter<byte> other = new();

    /// <summary>True when they say the same.</summary>
    internal bool AreSame(T known, T now)
    {
        if (known.Metadata.ResourceVersion == now.Metadata.ResourceVersion && known.Metadata.Uid == now.Metadata.Uid)
            return true;
        if (known.Metadata.Uid != now.Metadata.Uid)
            return false;
        Write(known, one);
        Write(now, other);
        return one.WrittenSpan.SequenceEqual(other.WrittenSpan);
    }

    private void Write(T value, ArrayBufferWriter<byte> buffer)
    {
        buffer.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(buffer);
        JsonSerializer.Serialize(writer, value with { Metadata = value.Metadata with { ResourceVersion = "" } }, json);
    }
}
