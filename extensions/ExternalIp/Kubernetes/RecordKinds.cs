using Interlook.Extensions.ExternalIp.Claims;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>The three kinds, as the earlier program named them.</summary>
internal static class RecordKinds
{
    internal static RecordKind<NodeRecord> Nodes { get; } =
        new("ipnodes", "IpNode", ClaimJson.Default.NodeRecord, node => node.Metadata, (node, metadata) => node with { Metadata = metadata });

    internal static RecordKind<Claim> Claims { get; } =
        new("ipclaims", "IpClaim", ClaimJson.Default.Claim, claim => claim.Metadata, (claim, metadata) => claim with { Metadata = metadata });

    internal static RecordKind<ClaimPool> Pools { get; } =
        new("ipclaimpools", "IpClaimPool", ClaimJson.Default.ClaimPool, pool => pool.Metadata, (pool, metadata) => pool with { Metadata = metadata });
}
