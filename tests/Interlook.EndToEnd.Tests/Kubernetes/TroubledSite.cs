using System.Globalization;
using Interlook.Fixtures.Kubernetes;

namespace Interlook.EndToEnd.Tests.Kubernetes;

/// <summary>One site with an Interlook that runs, for all tests of trouble that passes: opened by the first, and each leaves it as it found it.</summary>
public sealed class TroubledSite : IAsyncDisposable
{
    /// <summary>Two Services and their slices, and one more slice.</summary>
    private const int ChangeEvents = 5;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(2);

    private KubernetesSite? site;
    private int moves;

    internal KubernetesSite Site => site ?? throw new InvalidOperationException("the site was not opened");

    internal InterlookDaemon Interlook { get; private set; } = null!;

    /// <summary>A Service that nobody changes.</summary>
    internal WantedService Still { get; private set; } = null!;

    /// <summary>A Service whose endpoints change now and then.</summary>
    internal WantedService Moved { get; private set; } = null!;

    /// <summary>Opens it and starts Interlook, once; later removes what a test that failed has left.</summary>
    internal async Task OpenAsync(ClusterServers clusters)
    {
        if (site is not null)
        {
            await site.KubectlAsync("delete", "services,endpointslices", "--field-selector", "metadata.name!=still,metadata.name!=moved", "--wait=false");
            return;
        }
        var opened = await KubernetesSite.OpenAsync(clusters);
        site = opened;
        site.Core = KubernetesSite.Restless;
        Still = await site.CreateAsync("still", "10.1.0.1");
        Moved = await site.CreateAsync("moved", "10.1.0.2");
        Interlook = await site.StartInterlookAsync();
        await site.SettleAsync(Interlook, Still, Moved);
    }

    /// <summary>Changes what there is, as others do while the trouble lasts: one Service comes, one goes, and one has other endpoints.</summary>
    /// <returns>The one that comes.</returns>
    internal async Task<WantedService> ChangeAsync(string coming, string going) => await Site.UnseenAsync(ChangeEvents, async () =>
    {
        Site.Observer.Release(Moved.Name);
        Site.Observer.Release(Site.Wanted(going).Name);
        var fresh = await Site.CreateAsync(coming, "10.1.0.3");
        await Site.DeleteAsync(going);
        Moved = await Site.MoveAsync("moved", string.Create(CultureInfo.InvariantCulture, $"10.1.1.{++moves}"), "10.1.2.1");
        return fresh;
    });

    /// <summary>Lets the trouble come and pass.</summary>
    /// <param name="trouble">What it is.</param>
    /// <param name="changeAsync">Changes something while no watch tells of it.</param>
    internal async Task<T> PassAsync<T>(ApiTrouble trouble, Func<Task<T>> changeAsync)
    {
        var proxy = Site.Proxy;
        if (FaultOf(trouble) is { } fault)
            proxy.Faults.Add(fault);
        var changed = await changeAsync();
        switch (trouble)
        {
            case ApiTrouble.CutWatches:
                await proxy.CutWatchesAsync();
                break;
            case ApiTrouble.ExpiredEvents or ApiTrouble.HalfLists or ApiTrouble.SlowLists: // what follows is a list
                await proxy.FailWatchesAsync(410, "Expired");
                break;
            case ApiTrouble.StandingServer:
                await Site.Server.SignalAsync("STOP");
                await proxy.AbortWatchesAsync();
                await KubernetesSite.PassAsync(Length);
                await Site.Server.SignalAsync("CONT");
                break;
            case ApiTrouble.KilledServer:
                await Site.Server.KillAsync();
                await Site.Server.StartAsync();
                break;
            default:
                await proxy.EndWatchesAsync();
                break;
        }
        if (FaultOf(trouble) is { Times: ApiFault.UntilRemoved })
        {
            await KubernetesSite.PassAsync(Length);
            proxy.Faults.Clear();
        }
        return changed;
    }

    /// <summary>Ends whatever trouble is left.</summary>
    internal void Calm() => site?.Proxy.Faults.Clear();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (site is not null)
            await site.DisposeAsync();
    }

    /// <summary>What the proxy is told; null where nothing happens but to the server, and to the watches that are open.</summary>
    private static ApiFault? FaultOf(ApiTrouble trouble) => trouble switch
    {
        ApiTrouble.ExpiredAnswers => ApiFault.Refusal(410, "Expired") with { Matches = call => call.Verb == "watch", Times = 6 },
        ApiTrouble.Throttling => ApiFault.Refusal(429, "TooManyRequests") with { RetryAfter = TimeSpan.FromSeconds(1), Times = ApiFault.UntilRemoved },
        ApiTrouble.Storm => ApiFault.Refusal(500, "InternalError") with { Times = ApiFault.UntilRemoved },
        ApiTrouble.Gateway => ApiFault.Gateway() with { Times = ApiFault.UntilRemoved },
        ApiTrouble.FriendlyGateway => ApiFault.Gateway(200) with { Times = ApiFault.UntilRemoved },
        ApiTrouble.HalfLists => new ApiFault(ApiFaultKind.Half) { Matches = call => call.Verb == "list", Times = 6 },
        ApiTrouble.SlowLists => new ApiFault(ApiFaultKind.Late) { Matches = call => call.Verb == "list", Delay = Length, Times = 3 },
        ApiTrouble.DroppedReceipts => new ApiFault(ApiFaultKind.DropAfter) { Matches = call => call.IsWrite, Times = 4 },
        _ => null,
    };
}
