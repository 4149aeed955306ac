namespace Interlook.Extensions.ExternalIp.Holding;

/// <summary>What the peers said since this node lost contact. Only the newest "no contact either" of each counts, from the moment of its question.</summary>
internal sealed class PeerAnswers
{
    private readonly Dictionary<string, TimeSpan> noContact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> asked = new(StringComparer.Ordinal);

    /// <summary>True when a peer may be asked now.</summary>
    internal bool BeginQuestion(string peer, TimeSpan now, TimeSpan pause)
    {
        if (asked.TryGetValue(peer, out var last) && now < last + pause)
            return false;
        asked[peer] = now;
        return true;
    }

    /// <summary>Takes an answer.</summary>
    internal void Take(string peer, TimeSpan askedAt, bool hasContact)
    {
        if (hasContact)
            noContact.Remove(peer);
        else if (!noContact.TryGetValue(peer, out var known) || known < askedAt)
            noContact[peer] = askedAt;
    }

    /// <summary>The moment at which none of these peers had contact: that of the oldest of their newest answers. Null while one has not said so.</summary>
    internal TimeSpan? NobodyHadContact(IEnumerable<string> peers, TimeSpan now)
    {
        var oldest = now;
        foreach (var peer in peers)
        {
            if (!noContact.TryGetValue(peer, out var at))
                return null;
            if (at < oldest)
                oldest = at;
        }
        return oldest;
    }

    /// <summary>This node has contact again.</summary>
    internal void Clear()
    {
        noContact.Clear();
        asked.Clear();
    }
}
