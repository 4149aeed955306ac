using System.Buffers;
using System.IO.Compression;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>The whole body of an answer, unpacked, in borrowed memory.</summary>
internal sealed class ListBody : IDisposable
{
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
    private int length;

    private ListBody()
    {
    }

    /// <summary>The bytes; valid until it is disposed.</summary>
    internal ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, length);

    /// <summary>Reads a body.</summary>
    /// <exception cref="InvalidDataException">It says that it is packed, and is not.</exception>
    internal static async Task<ListBody> ReadAsync(HttpContent content, CancellationToken stopping)
    {
        var body = new ListBody();
        try
        {
            await using var raw = await content.ReadAsStreamAsync(stopping);
            await using var stream = content.Headers.ContentEncoding.Contains("gzip") ? new GZipStream(raw, CompressionMode.Decompress) : raw;
            int count;
            while ((count = await stream.ReadAsync(body.buffer.AsMemory(body.length), stopping)) > 0)
            {
                body.length += count;
                if (body.length == body.buffer.Length)
                    body.Grow();
            }
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
