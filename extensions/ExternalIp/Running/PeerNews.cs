using System.Net;

namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>What came from a peer. Its seal was right.</summary>
internal abstract record PeerNews
{
    private PeerNews()
    {
    }

    /// <summary>A peer asks whether this node has contact.</summary>
    internal sealed record Asked(PeerMessage Question, EndPoint From) : PeerNews;

    /// <summary>A peer answers a question of ours.</summary>
    /// <param name="Peer">The peer.</param>
    /// <param name="AskedAt">The moment that was given with the question.</param>
    /// <param name="HasContact">What it says.</param>
    internal sealed record Answered(string Peer, TimeSpan AskedAt, bool HasContact) : PeerNews;
}
