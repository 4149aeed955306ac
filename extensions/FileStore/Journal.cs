using Interlook.Storage;

namespace Interlook.Extensions.FileStore;

/// <summary>The journal that is written now.</summary>
internal sealed class Journal(IDiskFile file) : IDisposable
{
    /// <summary>Bytes that are durable.</summary>
    internal long Length { get; private set; }

    /// <summary>Adds lines; they are durable when this returns.</summary>
    internal void Append(ReadOnlySpan<byte> lines)
    {
        file.Append(lines);
        file.Flush();
        Length += lines.Length;
    }

    public void Dispose() => file.Dispose();
}
