namespace Interlook.Extensions.Consul;

/// <summary>What to ask for next in a chain of blocking queries, and whether an answer may be taken. Pure.</summary>
internal static class BlockingIndex
{
    /// <summary>Judges an answer by its index.</summary>
    /// <param name="asked">The index that was asked with; 0 at the beginning.</param>
    /// <param name="answered">The index of the answer; 0 when it had none, which Consul forbids itself.</param>
    /// <returns>
    /// The next index to ask with. When the index went backwards (a restored backup, a server that is behind) it is 0, and the answer must not
    /// be taken: the next one, asked for without waiting, says what is true.
    /// </returns>
    internal static (ulong Next, bool Take) After(ulong asked, ulong answered) =>
        answered < asked && answered != 0 ? (0, false) : (Math.Max(1, answered), true);
}
