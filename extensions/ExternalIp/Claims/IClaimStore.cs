namespace Interlook.Extensions.ExternalIp.Claims;

/// <summary>Where the claims live: Kubernetes or etcd. Safe for concurrent use; every fault is an <see cref="ExtensionException"/>.</summary>
internal interface IClaimStore
{
    IClaimRecords<NodeRecord> Nodes { get; }

    IClaimRecords<Claim> Claims { get; }

    IClaimRecords<ClaimPool> Pools { get; }
}
