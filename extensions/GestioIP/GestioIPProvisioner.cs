using System.Diagnostics.CodeAnalysis;
using System.Net;
using Interlook.Collections;
using Interlook.Provisioners;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.GestioIP;

/// <summary>
/// Reserves an address in GestioIP for every service. Nothing is kept here: whose an address is, the comment of its host says, so that a service finds
/// its own again after any loss.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "An extension is stopped, not disposed; StopAsync lets go of the client.")]
internal sealed partial class GestioIPProvisioner(GestioIPOptions options, ExtensionContext context) : IProvisioner
{
    private readonly ILogger logger = context.Loggers.CreateLogger<GestioIPProvisioner>();
    private readonly ReservationTag tags = new(options.DescriptionTag, context.Instance);
    private GestioIPClient? client;
    private ReservationReader? reader;
    private AddressReservation? reservations;

    /// <summary>Each request is a Perl program of its own on GestioIP's machine; a reservation locks a table besides.</summary>
    public int? ConcurrencyLimit => 16;

    private GestioIPClient Client => client ?? throw NotStarted();

    private AddressReservation Reservations => reservations ?? throw NotStarted();

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken stopping)
    {
        Close();
        client = new(options, context.Time, context.IsReadOnly);
        reader = new(client, options.Networks, tags, logger);
        reservations = new(client, reader, options.Networks);
        foreach (var family in options.Networks.GroupBy(network => network.Version))
            await new NetworkCheck(client, options.Client).CheckAsync([.. family], stopping);
        var table = await reader.ReadAsync(stopping);
        Log.Started(logger, string.Join(", ", options.Networks), table.Comments.Count(tags.IsOurs));
    }

    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken stopping) => Client.ReadNetworkAsync(options.Networks[0], stopping);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken stopping)
    {
        Close();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<ServiceDefinition> DeployAsync(
        ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        var tag = tags.Of(key);
        if (desired.PublicIp is { } asked && !MayGive(asked))
        {
            throw new ExtensionException(
                Reason.Invalid,
                $"service {key} asks for {asked}, which is no address that may be reserved in {string.Join(", ", options.Networks)} at {Client.Called}: "
                + "ask for another, or for none");
        }
        var table = await Reservations.ReadAsync(tag, stopping);
        var address = desired.PublicIp is { } requested
            ? await TakeAsync(key, tag, requested, table, stopping)
            : await ChooseAsync(key, tag, earlier, table, stopping);
        await ReleaseAsync(key, tag, earlier, table, kept: address, stopping);
        return desired with { PublicIp = address };
    }

    /// <inheritdoc/>
    public async Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        var tag = tags.Of(key);
        await ReleaseAsync(key, tag, earlier, await Reservations.ReadAsync(tag, stopping), kept: null, stopping);
    }

    /// <inheritdoc/>
    public async Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
    {
        var table = await (reader ?? throw NotStarted()).ReadAsync(stopping);
        var drifts = new List<Drift>();
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, definition) in applied)
        {
            var tag = tags.Of(key);
            wanted.Add(tag);
            if (definition.PublicIp is { } address && await DifferenceAsync(tag, address, table, stopping) is { } difference)
                drifts.Add(new(key, difference));
        }
        var orphans = table.Comments
            .Where(comment => tags.IsOurs(comment) && !wanted.Contains(comment))
            .SelectMany(comment => table.Of(comment).Select(address => new Orphan($"reservation of {address} for {comment}", tags.KeyOf(comment))));
        return new(drifts.ToEquatableArray(), orphans.ToEquatableArray());
    }

    private static InvalidOperationException NotStarted() => new("ipam.gestioip is not started");

    private bool MayGive(IPAddress address) => options.Networks.Any(network => network.MayGive(address));

    private async Task<IPAddress> TakeAsync(ServiceKey key, string tag, IPAddress requested, ReservationTable table, CancellationToken stopping)
    {
        if (table.Rival(requested, tag) is { } rival)
            throw Reservations.Conflict(key, requested, rival);
        if (!table.IsHeld(requested, tag))
        {
            await Reservations.CreateAsync(key, tag, requested, stopping);
            Log.Reserved(logger, requested.ToString(), key);
        }
        return requested;
    }

    /// <summary>What it holds, else what it held when that is still free, else the next free one.</summary>
    private async Task<IPAddress> ChooseAsync(
        ServiceKey key, string tag, EquatableArray<ServiceDefinition> earlier, ReservationTable table, CancellationToken stopping)
    {
        var held = table.Of(tag).Where(address => MayGive(address) && table.IsHeld(address, tag)).ToList();
        List<IPAddress> had = [.. earlier.Select(definition => definition.PublicIp).OfType<IPAddress>().Distinct()];
        if (held.Count > 0)
            return had.Find(held.Contains) ?? held[0];
        foreach (var former in had.Where(address => MayGive(address) && table.IsFree(address)))
        {
            try
            {
                return await TakeAsync(key, tag, former, table, stopping);
            }
            catch (ExtensionException taken) when (taken.Reason is Reason.Conflict or Reason.Refused)
            {
                Log.Lost(logger, key, former.ToString(), taken.Message);
            }
        }
        var address = await Reservations.ReserveAsync(key, tag, stopping);
        Log.Reserved(logger, address.ToString(), key);
        return address;
    }

    /// <summary>Gives back everything that a service has but one address.</summary>
    private async Task ReleaseAsync(
        ServiceKey key, string tag, EquatableArray<ServiceDefinition> earlier, ReservationTable table, IPAddress? kept, CancellationToken stopping)
    {
        // Networks that are no longer in the settings are not in the table.
        var elsewhere = earlier.Select(definition => definition.PublicIp).OfType<IPAddress>().Where(address => !MayGive(address));
        foreach (var address in table.Of(tag).Concat(elsewhere).Distinct().Where(address => !address.Equals(kept)))
        {
            // The host is deleted by its address: of two hosts it might be the other one.
            if (table.Rival(address, tag) is { } rival)
                throw Reservations.Conflict(key, address, rival);
            await Reservations.ReleaseAsync(tag, address, stopping);
            Log.Released(logger, key, address.ToString());
        }
    }

    private async Task<string?> DifferenceAsync(string tag, IPAddress address, ReservationTable table, CancellationToken stopping)
    {
        if (!MayGive(address)) // kept until it is next deployed, like an address of before a change of the settings
            return await Reservations.IsReservedAsync(tag, address, stopping) ? null : $"the reservation of {address} is missing";
        if (table.Rival(address, tag) is { } rival)
            return $"{address} is host '{rival.Hostname}' with the comment '{rival.Comment}'";
        if (!table.IsHeld(address, tag))
            return $"the reservation of {address} is missing";
        return table.Of(tag).FirstOrDefault(other => !other.Equals(address)) is { } second ? $"{second} is reserved for it too" : null;
    }

    private void Close()
    {
        reader?.Dispose();
        reservations?.Dispose();
        client?.Dispose();
        (reader, reservations, client) = (null, null, null);
    }
}
