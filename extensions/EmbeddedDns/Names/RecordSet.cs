using Interlook.Extensions.EmbeddedDns.Messages;

namespace Interlook.Extensions.EmbeddedDns.Names;

/// <summary>
/// The records of one type at one name, as they stand in an answer right behind the question: their owner is a pointer to the question's name, so
/// it comes back in the case it was asked in, and a wildcard's records need no other form.
/// </summary>
/// <param name="Type">Their type.</param>
/// <param name="Count">How many they are.</param>
/// <param name="Answer">Their bytes, complete.</param>
/// <param name="AdditionalCount">How many records go with them in the additional section.</param>
/// <param name="Additional">Those records' bytes; left out when there is no room.</param>
internal sealed record RecordSet(RecordType Type, int Count, ReadOnlyMemory<byte> Answer, int AdditionalCount, ReadOnlyMemory<byte> Additional)
{
    /// <summary>A set without additional records.</summary>
    internal RecordSet(RecordType type, int count, ReadOnlyMemory<byte> answer)
        : this(type, count, answer, 0, default)
    {
    }
}
