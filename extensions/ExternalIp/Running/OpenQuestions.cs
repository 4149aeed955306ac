namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>The questions that were sent and not answered yet. Each is answered once at most. Safe for concurrent use.</summary>
internal sealed class OpenQuestions
{
    /// <summary>Of one peer; an answer to an older one would say nothing that a newer does not.</summary>
    internal const int MostOfOne = 16;

    private readonly Lock gate = new();
    private readonly Dictionary<UInt128, OpenQuestion> byNonce = [];
    private readonly Dictionary<string, Queue<UInt128>> byPeer = new(StringComparer.Ordinal);

    /// <summary>Takes a question that is being sent.</summary>
    internal void Add(UInt128 nonce, OpenQuestion question)
    {
        lock (gate)
        {
            if (!byPeer.TryGetValue(question.Peer, out var nonces))
                byPeer.Add(question.Peer, nonces = []);
            if (nonces.Count == MostOfOne)
                byNonce.Remove(nonces.Dequeue());
            nonces.Enqueue(nonce);
            byNonce[nonce] = question;
        }
    }

    /// <summary>The question that a nonce belongs to; null when it is none of ours, or was answered.</summary>
    internal OpenQuestion? Find(UInt128 nonce)
    {
        lock (gate)
            return byNonce.GetValueOrDefault(nonce);
    }

    /// <summary>Closes a question that was answered.</summary>
    /// <returns>False when it was closed before.</returns>
    internal bool Close(UInt128 nonce)
    {
        lock (gate)
            return byNonce.Remove(nonce);
    }
}
