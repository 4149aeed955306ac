using Interlook.Extensions.ExternalIp.Claims;

namespace Interlook.Extensions.ExternalIp.Holding;

/// <summary>How the addresses of a node stand on its link, as its keeper says.</summary>
internal interface ILinkSight
{
    /// <summary>What is known of an address of ours, of the keeper as it is after it was told the last holding.</summary>
    LinkPresence PresenceOf(ClaimAddress address);

    /// <summary>Why an address that this node holds is not announced by it; null when nothing speaks against it, or not for long yet.</summary>
    AddressTrouble? TroubleOf(ClaimAddress address);
}
