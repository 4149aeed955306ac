using System.Net;
using Interlook.Extensions.GestioIP.Wire;
using Interlook.Services;

namespace Interlook.Extensions.GestioIP;

/// <summary>
/// Takes and gives back addresses, one service at a time. Whatever is not known after a call (no answer, an answer that says nothing) is read back before
/// anything else is done: the reservation may have been made. Safe for concurrent use for different services.
/// </summary>
internal sealed class AddressReservation(
    GestioIPClient client, ReservationReader reader, IReadOnlyList<ReservableNetwork> networks) : IDisposable
{
    /// <summary>Held by the one that makes the first reservation, until the table has shown it.</summary>
    private readonly SemaphoreSlim first = new(1);
    private volatile bool isProven;
    private IPAddress? unseen;

    /// <summary>Reads the table.</summary>
    /// <param name="tag">When it has an address, our marks are seen as we wrote them.</param>
    /// <param name="stopping">Cancels the call.</param>
    internal async Task<ReservationTable> ReadAsync(string tag, CancellationToken stopping)
    {
        var table = await reader.ReadAsync(stopping);
        isProven |= table.Of(tag).Count > 0;
        return table;
    }

    /// <summary>Takes an address of choice, which was free.</summary>
    /// <exception cref="ExtensionException">Somebody else has it (<see cref="Reason.Conflict"/>), or GestioIP does not give it.</exception>
    internal async Task CreateAsync(ServiceKey key, string tag, IPAddress address, CancellationToken stopping)
    {
        var fault = await TryAsync(
            () => client.CreateHostAsync(address, key, tag, stopping), GestioIPClient.Creating(address, key));
        // Read in any case: that the address was free when GestioIP looked does not say that nobody took it meanwhile.
        var table = await ReadBackAsync(tag, fault, stopping);
        if (table.IsHeld(address, tag))
            return;
        if (table.Rival(address, tag) is { } rival)
            throw Conflict(key, address, rival);
        if (fault is not null && !table.ShowsForeign && await FindForeignAsync(address, stopping) is { } foreign)
            throw Conflict(key, address, foreign);
        throw fault ?? Unseen(address);
    }

    /// <summary>Takes the next free address of the first network that has one.</summary>
    /// <exception cref="ExtensionException">None has (<see cref="Reason.Exhausted"/>), or GestioIP fails.</exception>
    internal async Task<IPAddress> ReserveAsync(ServiceKey key, string tag, CancellationToken stopping)
    {
        if (isProven)
            return await ReserveNextAsync(key, tag, stopping);
        await first.WaitAsync(stopping);
        try
        {
            if (!isProven && unseen is not null)
                throw Unseen(unseen);
            var address = await ReserveNextAsync(key, tag, stopping);
            if (isProven || (await ReadAsync(tag, stopping)).Of(tag).Contains(address))
                return address;
            unseen = address;
            throw Unseen(address);
        }
        finally
        {
            first.Release();
        }
    }

    /// <summary>Gives an address back when it is this tag's; what is not is left alone.</summary>
    /// <exception cref="ExtensionException">It may still be reserved.</exception>
    internal async Task ReleaseAsync(string tag, IPAddress address, CancellationToken stopping)
    {
        if (!await IsReservedAsync(tag, address, stopping))
            return;
        var fault = await TryAsync(() => client.DeleteHostAsync(address, stopping), $"releasing {address}");
        if (fault is not null && await IsReservedAsync(tag, address, stopping))
            throw fault;
    }

    /// <summary>Whether an address bears a tag at this moment.</summary>
    internal async Task<bool> IsReservedAsync(string tag, IPAddress address, CancellationToken stopping)
    {
        var reply = await client.ReadHostAsync(address, stopping);
        if (reply.Error == "")
        {
            return reply.Hosts() is [var host] && host.Address.Equals(address)
                ? host.Comment == tag
                : throw GestioIPFault.Malformed(
                    client.Describe($"reading host {address}"), "the answer holds another host or none; is `endpoint` the address of GestioIP's licensed interface?");
        }
        var fault = client.Fault(reply, $"reading host {address}");
        if (reply.IsPlain)
            throw fault; // the request as such was refused: nothing was said about the host
        if (networks.Any(network => network.MayGive(address)))
        {
            // How GestioIP says that a host is absent is not known for sure: the table decides, not the words.
            return (await ReadAsync(tag, stopping)).Of(tag).Contains(address) ? throw fault : false;
        }
        return SaysAbsent(reply) ? false : throw fault;
    }

    /// <inheritdoc/>
    public void Dispose() => first.Dispose();

    internal ExtensionException Conflict(ServiceKey key, IPAddress address, WireHost rival) => new(
        Reason.Conflict,
        $"{client.Called}: service {key} cannot have {address}: host '{rival.Hostname}' with the comment '{rival.Comment}' has it; "
        + "remove that there, or let the service ask for another address, or for none");

    private static bool SaysAbsent(GestioIPReply reply) =>
        reply.Error.Contains("NOT FOUND", StringComparison.OrdinalIgnoreCase) || reply.Error.Contains("EXIST", StringComparison.OrdinalIgnoreCase)
        || reply.Error.Contains("NO NETWORK FOR IP", StringComparison.OrdinalIgnoreCase);

    private async Task<IPAddress> ReserveNextAsync(ServiceKey key, string tag, CancellationToken stopping)
    {
        foreach (var network in networks)
        {
            if (await ReserveAsync(network, key, tag, stopping) is { } address)
                return address;
        }
        throw new ExtensionException(
            Reason.Exhausted,
            $"{client.Called}: no address is left for service {key} in {string.Join(", ", networks)}: all are taken; it gets one as soon as one is "
            + "given back, or add a network to `network`");
    }

    /// <returns>Null when the network is full.</returns>
    private async Task<IPAddress?> ReserveAsync(ReservableNetwork network, ServiceKey key, string tag, CancellationToken stopping)
    {
        var attempt = GestioIPClient.Reserving(network, key);
        ExtensionException fault;
        try
        {
            var reply = await client.ReserveAsync(network, key, tag, stopping);
            if (reply.Error.Contains(GestioIPFault.Full, StringComparison.OrdinalIgnoreCase))
                return null;
            if (reply.Error == "" && reply.Address() is { } given && network.MayGive(given))
                return given;
            fault = reply.Error != ""
                ? client.Fault(reply, attempt)
                : GestioIPFault.Malformed(client.Describe(attempt), $"the answer holds no address of {network}; look into GestioIP what was reserved");
        }
        catch (ExtensionException failure)
        {
            fault = failure;
        }
        return (await ReadBackAsync(tag, fault, stopping)).Of(tag) is [var made, ..] ? made : throw fault;
    }

    /// <summary>Makes a call.</summary>
    /// <returns>Why it is not known to have succeeded; null when it has.</returns>
    private async Task<ExtensionException?> TryAsync(Func<Task<GestioIPReply>> call, string attempt)
    {
        try
        {
            var reply = await call();
            return reply.Error == "" ? null : client.Fault(reply, attempt);
        }
        catch (ExtensionException failure)
        {
            return failure;
        }
    }

    /// <summary>Reads the table after a call; when that fails too, the first failure is what is told.</summary>
    private async Task<ReservationTable> ReadBackAsync(string tag, ExtensionException? fault, CancellationToken stopping)
    {
        try
        {
            return await ReadAsync(tag, stopping);
        }
        catch (ExtensionException) when (fault is not null)
        {
            throw fault;
        }
    }

    private async Task<WireHost?> FindForeignAsync(IPAddress address, CancellationToken stopping)
    {
        var reply = await client.ReadHostAsync(address, stopping);
        return reply.Error == "" && reply.Hosts() is [var host] ? host : null;
    }

    /// <summary>
    /// A reservation that the table does not show would be made again and again, an address each time: so the first one is looked for, and
    /// when it is not seen no other is made.
    /// </summary>
    private ExtensionException Unseen(IPAddress address) => GestioIPFault.Malformed(
        client.Describe($"finding the reservation of {address} again"),
        "the hosts that it lists do not have the comment that was written; remove that host there, let the user read the hosts of that network, and restart Interlook");
}
