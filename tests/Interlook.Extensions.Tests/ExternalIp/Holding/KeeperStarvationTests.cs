using Interlook.Extensions.ExternalIp.Holding;
using Interlook.Extensions.ExternalIp.Linux;
using Interlook.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Holding;

/// <summary>Alone: it takes every thread that others would work on.</summary>
[Collection(Alone)]
[CollectionDefinition(Alone, DisableParallelization = true)]
public sealed class KeeperStarvationTests
{
    private const string Alone = "a keeper without a thread pool";

    /// <summary>More than the pool makes threads in the time of a test.</summary>
    private const int Blockers = 500;

    [Fact]
    public async Task Addresses_are_gone_at_the_deadline_though_no_thread_of_the_pool_is_free()
    {
        var link = new PretendedLink();
        var keeper = new AddressKeeper(link, TimeSpan.FromSeconds(20), TimeProvider.System, NullLogger<AddressKeeper>.Instance);
        using var life = new CancellationTokenSource();
        var work = keeper.RunAsync(life.Token);
        keeper.Want(new AddressWish
        {
            Addresses = [LinkAddress.Parse("10.0.0.7/24")],
            Lifetime = TimeSpan.FromSeconds(60),
            Until = TimeProvider.System.GetTimestamp() + (3 * TimeProvider.System.TimestampFrequency),
        });
        await Eventually.TrueAsync("the address is there", () => link.Addresses.Count == 1);

        using var open = new ManualResetEventSlim();
        bool isGone;
        try
        {
            for (var i = 0; i < Blockers; i++)
                ThreadPool.UnsafeQueueUserWorkItem(door => door.Wait(), open, preferLocal: false);
            isGone = SpinWait.SpinUntil(() => link.Addresses.Count == 0, TimeSpan.FromSeconds(20));
        }
        finally
        {
            open.Set();
        }

        await life.CancelAsync();
        await work;
        Assert.True(isGone);
    }
}
