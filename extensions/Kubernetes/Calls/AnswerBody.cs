using System.IO.Compression;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>
/// Where answers are read whole, one after another, unpacked. Its memory goes with it: the pool from which the client itself would take it keeps megabytes
/// for long after many answers at once, or one list.
/// </summary>
/// <param name="usual">How much is expected.</param>
internal sealed class AnswerBody(int usual)
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
                Array.Resize(ref buffer, Math.Max(usual, buffer.Length * 2));
            count = await stream.ReadAsync(buffer.AsMemory(length), stopping);
            length += count;
        }
        while (count > 0);
    }
}
