using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.Kubernetes.Calls;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>
/// The claims as objects of a cluster. The object's <c>resourceVersion</c> is the record's revision: it is etcd's, one counter for all objects, so
/// revisions compare across records and kinds.
/// </summary>
/// <param name="api">The server; the caller's.</param>
/// <param name="patience">
/// The longest wait for the answer to a call about one record. A heartbeat has to be given up in time for another before the fence.
/// </param>
/// <param name="resync">How often a watch lists anew, which also shows that its connection lives.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Says what cannot be read.</param>
internal sealed class KubernetesClaimStore(ApiServer api, TimeSpan patience, TimeSpan resync, TimeProvider time, ILogger logger) : IClaimStore
{
    /// <inheritdoc/>
    public IClaimRecords<NodeRecord> Nodes { get; } = new KubernetesRecords<NodeRecord>(api, RecordKinds.Nodes, patience, resync, time, logger);

    /// <inheritdoc/>
    public IClaimRecords<Claim> Claims { get; } = new KubernetesRecords<Claim>(api, RecordKinds.Claims, patience, resync, time, logger);

    /// <inheritdoc/>
    public IClaimRecords<ClaimPool> Pools { get; } = new KubernetesRecords<ClaimPool>(api, RecordKinds.Pools, patience, resync, time, logger);
}
