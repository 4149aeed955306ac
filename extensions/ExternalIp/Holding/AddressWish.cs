using System.Collections.Immutable;
using Interlook.Extensions.ExternalIp.Linux;

namespace Interlook.Extensions.ExternalIp.Holding;

/// <summary>
/// What shall be on an interface now, and how long that may go on. Times are timestamps of the clock that the keeper has.
/// </summary>
internal sealed record AddressWish
{
    /// <summary>Nothing.</summary>
    internal static AddressWish Nothing { get; } = new() { Addresses = [], Lifetime = TimeSpan.FromSeconds(1) };

    /// <summary>The addresses, each once.</summary>
    internal required ImmutableHashSet<LinkAddress> Addresses { get; init; }

    /// <summary>
    /// Those of them that their former holder has taken off its own link for us: they are added at once, and the neighbours are asked while
    /// they are there.
    /// </summary>
    internal ImmutableHashSet<LinkAddress> HandedOver { get; init; } = [];

    /// <summary>How long the kernel keeps an address that is not renewed: whole seconds, at least one. It is renewed at a third.</summary>
    internal required TimeSpan Lifetime { get; init; }

    /// <summary>
    /// When all addresses have to be gone, unless another wish comes first; null: they stay as long as the process lives.
    /// </summary>
    internal long? Until { get; init; }

    /// <summary>
    /// Up to when the kernel may be told to keep an address, whatever <see cref="Lifetime"/> says: where less than a second is left it is
    /// neither added nor renewed. Null: nothing limits it.
    /// </summary>
    internal long? LifetimeEnd { get; init; }
}
