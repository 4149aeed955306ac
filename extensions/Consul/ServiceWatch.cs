using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Interlook.Extensions.Consul;

/// <summary>The chain of blocking queries about one service. <see cref="RunAsync"/> is called once; all else is safe for concurrent use.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source of the stop has no timer and no handle; a watch that ends late still looks at it.")]
internal sealed class ServiceWatch(
    string service, CatalogReader reader, WatchSlots slots, ChannelWriter<CatalogSign> signs, ExtensionContext context)
{
    /// <summary>Time until a service is asked about again that Consul refuses to speak of.</summary>
    internal static readonly TimeSpan RefusedPause = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource stop = new();
    private volatile bool all;

    /// <summary>The service's name in Consul.</summary>
    internal string Service => service;

    /// <summary>
    /// True reads every instance. False leaves out what <c>dns.consul</c> registered, so that a service with thousands of those costs little;
    /// it is enough while nothing in the service asks.
    /// </summary>
    internal bool All
    {
        get => all;
        set => all = value;
    }

    /// <summary>Follows the service until it fails or is stopped; says so itself, and never throws. It was counted in before.</summary>
    /// <param name="index">The index of what is known; 0 when nothing is.</param>
    /// <param name="stopping">The end of the whole watch.</param>
    internal async Task RunAsync(ulong index, CancellationToken stopping)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(stopping, stop.Token);
        try
        {
            await FollowAsync(index, life.Token);
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // stopped
        }
        catch (Exception failure)
        {
            signs.TryComplete(failure);
        }
        finally
        {
            slots.Leave();
        }
    }

    /// <summary>Ends the chain. Does not wait for it.</summary>
    internal void Stop() => stop.Cancel();

    private async Task FollowAsync(ulong index, CancellationToken life)
    {
        var pace = new QueryPace(context.Time);
        while (true)
        {
            await Task.Delay(pace.Take(), context.Time, life);
            var asked = index;
            try
            {
                var answer = await slots.RunAsync((wait, giveUp) => reader.ReadInstancesAsync(service, all, asked, wait, giveUp), life);
                if (answer is not { } given)
                    continue;
                (index, var take) = BlockingIndex.After(asked, given.Index);
                if (take)
                    await signs.WriteAsync(new CatalogSign.ServiceRead(this, given.Value!), life);
            }
            catch (ExtensionException refusal) when (refusal.Reason == Reason.Refused)
            {
                await signs.WriteAsync(new CatalogSign.ServiceRefused(this, refusal.Message), life);
                await Task.Delay(slots.Vary(RefusedPause), context.Time, life);
                index = 0;
            }
        }
    }
}
