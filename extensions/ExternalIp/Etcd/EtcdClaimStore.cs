using System.Text.Json.Serialization.Metadata;
using Interlook.Extensions.Etcd.Calls;
using Interlook.Extensions.ExternalIp.Claims;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Etcd;

/// <summary>
/// The claims in etcd: a key for each record, <c>/interlook/externalip/claims/10-0-0-7-24</c>, with the JSON that Kubernetes would hold; its
/// <c>apiVersion</c> is the version of the format. A record's revision is its <c>mod_revision</c>, so those of all kinds grow together.
/// Safe for concurrent use.
/// </summary>
internal sealed class EtcdClaimStore : IClaimStore, IDisposable
{
    private readonly EtcdTransport transport;
    private readonly EtcdClient client;
    private readonly EtcdClaimOptions options;
    private readonly TimeProvider time;
    private readonly ILoggerFactory loggers;

    /// <param name="options">Where etcd is, and below which prefix.</param>
    /// <param name="patience">
    /// The longest wait for one member's answer before the next is asked; null takes the client's own. A node needs less than half of its fence
    /// time: a member that hangs must not cost it its addresses.
    /// </param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where to tell of records that cannot be read.</param>
    /// <param name="isReadOnly">True refuses whatever would write.</param>
    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal EtcdClaimStore(EtcdClaimOptions options, TimeSpan? patience, TimeProvider time, ILoggerFactory loggers, bool isReadOnly = false)
    {
        (this.options, this.time, this.loggers) = (options, time, loggers);
        transport = new(options, time, isReadOnly, patience);
        client = new(transport, options);
        Nodes = Records("nodes", ClaimJson.Default.NodeRecord, record => record.Metadata.Name);
        Claims = Records("claims", ClaimJson.Default.Claim, record => record.Metadata.Name);
        Pools = Records("pools", ClaimJson.Default.ClaimPool, record => record.Metadata.Name);

        EtcdClaimRecords<T> Records<T>(string kind, JsonTypeInfo<T> type, Func<T, string> nameOf)
            where T : class =>
            new(client, new(options.Called, options.Root + kind + "/", type, nameOf, loggers.CreateLogger<EtcdClaimStore>()), options.Endpoints.Count, time);
    }

    public IClaimRecords<NodeRecord> Nodes { get; }

    public IClaimRecords<Claim> Claims { get; }

    public IClaimRecords<ClaimPool> Pools { get; }

    /// <summary>An election by a key beside the records, <c>/interlook/externalip/leader</c>.</summary>
    internal EtcdElection Election(string identity, ElectionTimes times, Random random) =>
        new(client, options.Root + "leader", identity, times, time, random, loggers.CreateLogger<EtcdElection>());

    /// <inheritdoc/>
    public void Dispose()
    {
        client.Dispose();
        transport.Dispose();
    }
}
