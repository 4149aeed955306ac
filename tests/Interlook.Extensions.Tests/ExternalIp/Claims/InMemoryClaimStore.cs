using Interlook.Extensions.ExternalIp.Claims;

namespace Interlook.Extensions.Tests.ExternalIp.Claims;

/// <summary>The claims in memory: what the specification of stores is tried on, and what tests of the loops run on.</summary>
internal sealed class InMemoryClaimStore : IClaimStore
{
    private readonly Lock door = new();
    private long revision;

    public InMemoryClaimStore()
    {
        Nodes = new InMemoryClaimRecords<NodeRecord>(door, Next, () => revision, node => node.Metadata.Name);
        Claims = new InMemoryClaimRecords<Claim>(door, Next, () => revision, claim => claim.Metadata.Name);
        Pools = new InMemoryClaimRecords<ClaimPool>(door, Next, () => revision, pool => pool.Metadata.Name);
    }

    public IClaimRecords<NodeRecord> Nodes { get; }

    public IClaimRecords<Claim> Claims { get; }

    public IClaimRecords<ClaimPool> Pools { get; }

    /// <summary>When set, every call ends with it, and so does every watch.</summary>
    public ExtensionException? Fault
    {
        get => ((InMemoryClaimRecords<Claim>)Claims).Fault;
        set
        {
            ((InMemoryClaimRecords<NodeRecord>)Nodes).Fail(value);
            ((InMemoryClaimRecords<Claim>)Claims).Fail(value);
            ((InMemoryClaimRecords<ClaimPool>)Pools).Fail(value);
        }
    }

    private long Next() => ++revision;
}
