namespace Interlook.Storage;

/// <summary>A file that grows at its end. Not for concurrent use.</summary>
public interface IDiskFile : IDisposable
{
    /// <summary>Adds bytes at the end. After a failure any prefix of them may be there.</summary>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Makes everything appended so far durable. After a failure nothing is known of what was not yet durable.</summary>
    void Flush();
}
