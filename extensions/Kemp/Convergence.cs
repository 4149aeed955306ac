namespace Interlook.Extensions.Kemp;

/// <summary>
/// Makes one virtual service what is wanted: reads, compares, and sends only what differs. Every pass begins with a read, so it may be repeated
/// after whatever happened to the one before. Safe for concurrent use, for different services.
/// </summary>
internal sealed class Convergence(KempOptions options, KempClient client, SharedListing listings, string instance, TimeProvider time)
{
    private static readonly TimeSpan HiddenPause = TimeSpan.FromMilliseconds(250);

    private readonly NewServices news = new(time);

    /// <summary>Makes it so.</summary>
    internal async Task DeployAsync(WantedService wanted, CancellationToken stopping)
    {
        var listing = await ListAsync(wanted.Nickname, stopping);
        var there = listing.At(wanted.Place);
        if (there is not null && there.Nickname != wanted.Nickname)
            throw Conflict(wanted, there);
        var ours = listing.Of(wanted.Nickname);
        var kept = there ?? (ours is [var first, ..] ? first : null);
        var comparison = kept is null ? await AddAsync(wanted, stopping) : await SettleAsync(wanted, kept, stopping);
        await AddServersAsync(wanted, comparison, stopping);
        await RemoveServersAsync(wanted, [.. comparison.Stale.Where(server => !comparison.IsInTheWay(server))], stopping);
        foreach (var second in ours.Where(service => service != kept))
            await client.DeleteAsync(second, stopping);
    }

    /// <summary>Removes every virtual service with a nickname.</summary>
    internal async Task UndeployAsync(string nickname, CancellationToken stopping)
    {
        var listing = await ListAsync(nickname, stopping);
        foreach (var service in listing.Of(nickname))
            await client.DeleteAsync(service, stopping);
        news.Forget(nickname);
    }

    /// <summary>A virtual service with its real servers, where a list left them out.</summary>
    internal Task<VirtualService> CompleteAsync(VirtualService service, CancellationToken stopping) =>
        service.IsWhole ? Task.FromResult(service) : client.ShowAsync(service, stopping);

    /// <summary>Lists, again and again for a moment while what was just added does not show.</summary>
    private async Task<Listing> ListAsync(string nickname, CancellationToken stopping)
    {
        while (true)
        {
            var listing = await listings.ReadAsync(stopping);
            if (listing.Of(nickname).Count > 0)
            {
                news.Forget(nickname);
                return listing;
            }
            if (!news.MayBeHidden(nickname))
                return listing;
            await Task.Delay(HiddenPause, time, stopping);
        }
    }

    private async Task<ServiceComparison> AddAsync(WantedService wanted, CancellationToken stopping)
    {
        // From the moment it is sent: the answer may get lost, and "exists already" may be said of a lost one that is hidden still.
        var added = await client.AddAsync(wanted, () => news.Add(wanted.Nickname), stopping);
        news.Add(wanted.Nickname);
        if (added.Nickname == wanted.Nickname)
            return new(wanted, added);
        await client.DeleteAsync(added, stopping);
        throw new ExtensionException(
            Reason.Refused,
            $"{options.Called}: {wanted.Key} got no mark: the appliance took the nickname {wanted.Nickname} as '{added.Nickname}'; "
            + "the virtual service was removed again");
    }

    private async Task<ServiceComparison> SettleAsync(WantedService wanted, VirtualService kept, CancellationToken stopping)
    {
        var comparison = new ServiceComparison(wanted, await CompleteAsync(kept, stopping));
        if (comparison.Moves || comparison.Settings.Count > 0)
            await client.ModifyAsync(kept, wanted, comparison.Settings, stopping);
        return comparison;
    }

    /// <summary>Adds and changes all that can be, then says what could not: one bad target does not keep traffic from the others.</summary>
    private async Task AddServersAsync(WantedService wanted, ServiceComparison comparison, CancellationToken stopping)
    {
        foreach (var stale in comparison.Stale.Where(comparison.IsInTheWay))
            await client.DeleteServerAsync(wanted, stale, stopping);
        ExtensionException? refused = null;
        foreach (var server in comparison.Missing)
            refused = await TryAsync(client.AddServerAsync(wanted, server, stopping)) ?? refused;
        foreach (var (wish, server) in comparison.Changed)
            refused = await TryAsync(client.ModifyServerAsync(wanted, server, wish, stopping)) ?? refused;
        if (refused is not null)
            throw refused;

        static async Task<ExtensionException?> TryAsync(Task call)
        {
            try
            {
                await call;
                return null;
            }
            catch (ExtensionException refusal) when (refusal.Reason == Reason.Refused)
            {
                return refusal;
            }
        }
    }

    /// <summary>Keeps new traffic away, waits, removes. One that is disabled already waited before, and one that is down has no connections.</summary>
    private async Task RemoveServersAsync(WantedService wanted, IReadOnlyList<RealServer> stale, CancellationToken stopping)
    {
        if (options.DrainTime > TimeSpan.Zero && stale.Where(server => server is { IsEnabled: true, IsDown: false }).ToList() is { Count: > 0 } draining)
        {
            foreach (var server in draining)
                await client.DisableServerAsync(wanted, server, stopping);
            await Task.Delay(options.DrainTime, time, stopping);
        }
        foreach (var server in stale)
            await client.DeleteServerAsync(wanted, server, stopping);
    }

    private ExtensionException Conflict(WantedService wanted, VirtualService there)
    {
        var whose = !Nickname.IsOf(instance, there.Nickname)
            ? $"{there}, which is not ours, stands there; remove it, or hand it over by giving it the nickname {wanted.Nickname}"
            : $"{there} of service {Nickname.ReadKey(there.Nickname)?.ToString() ?? "with that mark"} stands there; give one of the two another address";
        return new(Reason.Conflict, $"{options.Called}: {wanted.Key} cannot be published at {wanted.Place}: {whose}");
    }
}
