namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>Reads a stream by lines of any length. For one reader.</summary>
internal sealed class LineReader(Stream stream, int longest)
{
    private const int Usual = 16 * 1024;

    private byte[] buffer = new byte[Usual];
    private int begin;
    private int searched;
    private int end;

    /// <summary>True when the stream ended within a line.</summary>
    internal bool IsCut => end > begin;

    /// <summary>Takes a line that is there already.</summary>
    /// <param name="line">The line without its end; valid until the next call.</param>
    internal bool TryTake(out ReadOnlySpan<byte> line)
    {
        var at = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
        if (at < 0)
        {
            searched = end;
            line = default;
            return false;
        }
        line = buffer.AsSpan(begin, searched + at - begin);
        begin = searched = searched + at + 1;
        return true;
    }

    /// <summary>Waits for more.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="InvalidDataException">A line is longer than any can be.</exception>
    internal async ValueTask<bool> FillAsync(CancellationToken stopping)
    {
        MakeRoom();
        var count = await stream.ReadAsync(buffer.AsMemory(end), stopping);
        end += count;
        return count > 0;
    }

    private void MakeRoom()
    {
        var length = end - begin;
        if (length >= longest)
            throw new InvalidDataException($"a line is longer than {longest >> 20} MiB");
        if (end < buffer.Length && begin < end)
            return;
        // All is taken: back to the front, and to the usual size. Or a line fills all there is: twice as much.
        var size = length == 0 ? Usual : length > buffer.Length / 2 ? buffer.Length * 2 : buffer.Length;
        var target = size == buffer.Length ? buffer : new byte[size];
        buffer.AsSpan(begin, length).CopyTo(target);
        (buffer, searched, begin, end) = (target, searched - begin, 0, length);
    }
}
