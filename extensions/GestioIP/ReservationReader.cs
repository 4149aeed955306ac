using Interlook.Batching;
using Interlook.Extensions.GestioIP.Wire;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.GestioIP;

/// <summary>
/// Reads the hosts of our networks. Whoever asks while a read is under way shares the next one with all who wait, so each gets a table that was read
/// after it asked, and many services at once cost few reads. Safe for concurrent use.
/// </summary>
internal sealed partial class ReservationReader : IDisposable
{
    private readonly GestioIPClient client;
    private readonly IReadOnlyList<ReservableNetwork> networks;
    private readonly ReservationTag tags;
    private readonly ILogger logger;
    private readonly CancellationTokenSource ended = new();
    private readonly GroupCommit<ReservableNetwork?, ReservationTable> reads;
    private readonly HashSet<ReservableNetwork> spoiled = []; // one read runs at a time
    private bool finds;

    internal ReservationReader(GestioIPClient client, IReadOnlyList<ReservableNetwork> networks, ReservationTag tags, ILogger logger)
    {
        this.client = client;
        this.networks = networks;
        this.tags = tags;
        this.logger = logger;
        reads = new(CommitAsync);
    }

    /// <summary>Reads all networks, together with whoever else wants to.</summary>
    /// <exception cref="ExtensionException">One of them could not be read: nothing is known.</exception>
    internal Task<ReservationTable> ReadAsync(CancellationToken stopping) => reads.CommitAsync(null, stopping);

    /// <inheritdoc/>
    public void Dispose()
    {
        ended.Cancel();
        ended.Dispose();
    }

    private async Task CommitAsync(IReadOnlyList<PendingCommit<ReservableNetwork?, ReservationTable>> waiting)
    {
        var table = await ReadTableAsync(ended.Token);
        foreach (var pending in waiting)
            pending.Succeed(table);
    }

    private async Task<ReservationTable> ReadTableAsync(CancellationToken stopping)
    {
        var hosts = new List<WireHost>();
        var left = new List<ReservableNetwork>();
        foreach (var network in networks)
        {
            if (await ListAsync(network, stopping) is { } listed)
                hosts.AddRange(listed.Where(host => network.Span.Contains(host.Address)));
            else
                left.Add(network);
        }
        foreach (var family in left.GroupBy(network => network.Version))
        {
            var found = await client.FindHostsAsync(tags.Root, family.Key, stopping);
            hosts.AddRange(found.Where(host => tags.IsOurs(host.Comment) && family.Any(network => network.Span.Contains(host.Address))));
        }
        return new ReservationTable(hosts, showsForeign: left.Count == 0);
    }

    /// <summary>Lists a network.</summary>
    /// <returns>
    /// Null when only the search for our comments is left: this GestioIP has no such list, or a foreign host with a '&lt;' or '&amp;' spoils it.
    /// </returns>
    private async Task<IReadOnlyList<WireHost>?> ListAsync(ReservableNetwork network, CancellationToken stopping)
    {
        if (finds && network.IsListed)
            return null;
        try
        {
            if (await client.ListHostsAsync(network, stopping) is { } hosts)
            {
                spoiled.Remove(network);
                return hosts;
            }
            if (!network.IsListed)
            {
                throw GestioIPFault.Malformed(
                    client.Describe($"listing the hosts of {network}"),
                    "this GestioIP lists them only in a way that leaves out unique local addresses; use another network");
            }
            finds = true;
            Log.ListMissing(logger, client.Called);
            return null;
        }
        catch (ExtensionException failure) when (failure.Reason == Reason.Malformed && network.IsListed)
        {
            if (spoiled.Add(network))
                Log.ListSpoiled(logger, network.ToString(), failure.Message);
            return null;
        }
    }
}
