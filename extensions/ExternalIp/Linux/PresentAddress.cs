namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>An address that is on an interface.</summary>
/// <param name="Address">The address.</param>
/// <param name="Protocol">Who says to have added it (IFA_PROTO); 0 when nobody did, or the kernel is older than 5.18.</param>
/// <param name="Lifetime">How much longer the kernel keeps it; null for ever.</param>
/// <param name="IsSecondary">IPv4: it goes with the first address of its network, unless the kernel promotes it.</param>
/// <param name="IsRefused">IPv6: somebody else answered for it when the kernel looked, so it is not used.</param>
internal sealed record PresentAddress(LinkAddress Address, byte Protocol, TimeSpan? Lifetime, bool IsSecondary, bool IsRefused)
{
    /// <summary>True when it bears our mark, or the journal says that we added it.</summary>
    internal bool IsOurs { get; init; }
}
