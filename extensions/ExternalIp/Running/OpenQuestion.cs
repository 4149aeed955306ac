namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>A question that was sent.</summary>
/// <param name="Peer">Who was asked.</param>
/// <param name="Key">The key that its record named then: the answer has to be sealed with it.</param>
/// <param name="AskedAt">The moment of the question.</param>
internal sealed record OpenQuestion(string Peer, byte[] Key, TimeSpan AskedAt);
