using Interlook.Collections;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Timing;

namespace Interlook.Extensions.ExternalIp.Holding;

/// <summary>What a node may have on its link, and until when, by its own monotonic clock.</summary>
/// <param name="Addresses">The addresses; everything else of ours is to be removed.</param>
/// <param name="KernelEnd">No lifetime in the kernel may reach beyond this moment.</param>
/// <param name="Until">At this moment everything of ours is removed, whether or not anything newer was said.</param>
internal sealed record HeldAddresses(EquatableArray<ClaimAddress> Addresses, TimeSpan KernelEnd, TimeSpan Until)
{
    /// <summary>Those of them that another node has taken off its link for this one: nobody has to be asked before they are added.</summary>
    public EquatableArray<ClaimAddress> HandedOver { get; init; }

    internal static HeldAddresses Nothing { get; } = new([], TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>
    /// The lifetime to set now, in whole seconds; zero when none may be set any more, until a newer holding says otherwise. To be asked anew
    /// before every address.
    /// </summary>
    internal TimeSpan LifetimeAt(TimeSpan now, FenceTimes times)
    {
        var left = TimeSpan.FromSeconds(Math.Floor((KernelEnd - now).TotalSeconds));
        return now >= Until || left <= TimeSpan.Zero ? TimeSpan.Zero : left < times.KernelLifetime ? left : times.KernelLifetime;
    }
}
