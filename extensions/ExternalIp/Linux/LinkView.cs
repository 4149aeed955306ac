using System.Collections.Immutable;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>An interface and what is on it, at one moment.</summary>
/// <param name="State">The interface; null when there is none of that name.</param>
/// <param name="Addresses">Its addresses, ours and others.</param>
internal sealed record LinkView(LinkState? State, ImmutableArray<PresentAddress> Addresses)
{
    /// <summary>No such interface.</summary>
    internal static LinkView Missing { get; } = new(null, []);
}
