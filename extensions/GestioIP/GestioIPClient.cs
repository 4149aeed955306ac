using System.Net;
using Interlook.Extensions.GestioIP.Wire;
using Interlook.Services;

namespace Interlook.Extensions.GestioIP;

/// <summary>The requests we make of GestioIP: the wire, without decisions. Safe for concurrent use.</summary>
/// <remarks>A method that returns a <see cref="GestioIPReply"/> leaves its error to the caller; the others throw it.</remarks>
internal sealed class GestioIPClient(GestioIPOptions options, TimeProvider time, bool isReadOnly) : IDisposable
{
    private readonly GestioIPTransport transport = new(options, time, isReadOnly);

    /// <summary>For messages.</summary>
    internal string Called => options.Called;

    /// <summary>The networks of the client, of one family.</summary>
    /// <param name="version"><c>v4</c> or <c>v6</c>.</param>
    /// <param name="stopping">Cancels the call.</param>
    internal async Task<IReadOnlyList<WireNetwork>> ListNetworksAsync(string version, CancellationToken stopping)
    {
        var attempt = $"listing the networks of client {options.Client}";
        var reply = await transport.ReadAsync("listNetworks", attempt, [new("no_csv", "yes"), new("ip_version", version)], stopping);
        return Succeeded(reply, attempt).Networks() ?? throw Unreadable(attempt);
    }

    /// <summary>One network, found by its address alone.</summary>
    internal async Task<WireNetwork> ReadNetworkAsync(ReservableNetwork network, CancellationToken stopping)
    {
        var attempt = $"reading network {network}";
        var reply = await transport.ReadAsync("readNetwork", attempt, [new("ip", $"{network.Address}"), new("BM", $"{network.Span.PrefixLength}")], stopping);
        return Succeeded(reply, attempt).Networks() is [var found] ? found : throw Unreadable(attempt);
    }

    /// <summary>Every host of a network, foreign ones too.</summary>
    /// <returns>Null when this GestioIP does not list them in this way.</returns>
    internal async Task<IReadOnlyList<WireHost>?> ListHostsAsync(ReservableNetwork network, CancellationToken stopping)
    {
        var attempt = $"listing the hosts of {network}";
        var reply = await transport.ReadAsync("usedNetworkAddresses", attempt, [new("ip", $"{network.Address}"), new("no_csv", "yes")], stopping);
        if (IsUnknownRequest(reply))
            return null;
        // Without the list, addresses may stand in it without their comments: that is not an empty network.
        return Succeeded(reply, attempt).Has("HostList") ? reply.Hosts() : null;
    }

    /// <summary>The hosts whose comments hold a text, of all networks of one family, as far as <c>listHosts</c> shows them.</summary>
    internal async Task<IReadOnlyList<WireHost>> FindHostsAsync(string comment, string version, CancellationToken stopping)
    {
        var attempt = $"listing the hosts whose comment holds {comment}";
        var reply = await transport.ReadAsync(
            "listHosts",
            attempt,
            [new("no_csv", "yes"), new("ip_version", version), new("filter", $"comment::{comment}[[MATCH_ALL]]")],
            stopping);
        return Succeeded(reply, attempt).Has("HostList") || reply.IsBare ? reply.Hosts() ?? throw Unreadable(attempt) : throw Unreadable(attempt);
    }

    /// <summary>The host of an address.</summary>
    internal Task<GestioIPReply> ReadHostAsync(IPAddress address, CancellationToken stopping) =>
        transport.ReadAsync("readHost", $"reading host {address}", [new("ip", $"{address}")], stopping);

    /// <summary>Takes the lowest free address of a network, under a lock of GestioIP's table: no two callers get one.</summary>
    internal Task<GestioIPReply> ReserveAsync(ReservableNetwork network, ServiceKey key, string tag, CancellationToken stopping) =>
        transport.WriteAsync("reserveFirstFreeNetworkAddress", Reserving(network, key), Row(network.Address, key, tag), stopping);

    /// <summary>Takes an address of choice.</summary>
    internal Task<GestioIPReply> CreateHostAsync(IPAddress address, ServiceKey key, string tag, CancellationToken stopping) =>
        transport.WriteAsync("createHost", Creating(address, key), Row(address, key, tag), stopping);

    /// <summary>Gives an address back.</summary>
    internal Task<GestioIPReply> DeleteHostAsync(IPAddress address, CancellationToken stopping) =>
        transport.WriteAsync("deleteHost", $"releasing {address}", [new("ip", $"{address}")], stopping);

    /// <summary>The exception for an error in a reply.</summary>
    internal ExtensionException Fault(GestioIPReply reply, string attempt) => GestioIPFault.Of(reply.Error, transport.Describe(attempt));

    /// <summary>The beginning of a message about an attempt.</summary>
    internal string Describe(string attempt) => transport.Describe(attempt);

    internal static string Reserving(ReservableNetwork network, ServiceKey key) => $"reserving an address of {network} for service {key}";

    internal static string Creating(IPAddress address, ServiceKey key) => $"reserving {address} for service {key}";

    /// <inheritdoc/>
    public void Dispose() => transport.Dispose();

    private static bool IsUnknownRequest(GestioIPReply reply) =>
        reply.Error.Contains("UNKNOWN PARAMETER", StringComparison.OrdinalIgnoreCase) || reply.Error.Contains("INVALID request_type", StringComparison.OrdinalIgnoreCase);

    private IEnumerable<KeyValuePair<string, string>> Row(IPAddress address, ServiceKey key, string tag)
    {
        yield return new("ip", $"{address}");
        yield return new("new_hostname", ReservationTag.HostNameOf(key));
        yield return new("new_comment", tag);
        yield return new("new_update_type", "man"); // so that GestioIP's discovery leaves the row alone
        if (options.Site is { } site)
            yield return new("new_site", site);
        if (options.Category is { } category)
            yield return new("new_cat", category);
    }

    private GestioIPReply Succeeded(GestioIPReply reply, string attempt) => reply.Error == "" ? reply : throw Fault(reply, attempt);

    private ExtensionException Unreadable(string attempt) =>
        GestioIPFault.Malformed(transport.Describe(attempt), "the answer lacks what GestioIP answers; is `endpoint` the address of its licensed interface?");
}
