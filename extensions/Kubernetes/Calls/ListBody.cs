using System.IO.Compression;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>
/// Where the pages of one list are read, one after another, unpacked. Its memory goes with the list: a pool would keep megabytes until the next one, ten
/// minutes later.
/// </summary>
internal sealed class ListBody
{
    private byte[] buffer = [];
    private int length;

    /// <summary>The bytes of the last body; valid until the next is read.</summary>
    internal ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, length);

    /// <summary>Reads a body.</summary>
    /// <exception cref="InvalidDataException">It says that it is packed, and is not.</exception>
    internal async Task ReadAsync(HttpContent content, CancellationToken stopping)
    {
        length = 0;
        await using var raw = await content.ReadAsStreamAsync(stopping);
        await using var stream = content.Headers.ContentEncoding.Contains("gzip") ? new GZipStream(raw, CompressionMode.Decompress) : raw;
        int count;
        do
        {
            if (length == buffer.Length)
                Array.Resize(ref buffer, Math.Max(64 * 1024, buffer.Length * 2));
            count = await stream.ReadAsync(buffer.AsMemory(length), stopping);
            length += count;
        }
        while (count > 0);
    }
}
