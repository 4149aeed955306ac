using Interlook.Extensions.Kemp;
using Xunit;

namespace Interlook.Extensions.Tests.Kemp;

/// <summary>A list serves all who came before it was sent, and nobody who came later.</summary>
public sealed class SharedListingTests : IDisposable
{
    private readonly List<(Action Sending, TaskCompletionSource<Listing> Answer)> lists = [];
    private readonly SemaphoreSlim begun = new(0);
    private readonly SharedListing shared;

    public SharedListingTests() => shared = new(ListAsync);

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public void Dispose() => begun.Dispose();

    [Fact]
    public async Task Those_who_come_while_it_waits_share_it_and_those_who_come_later_get_another()
    {
        var first = shared.ReadAsync(Stopping);
        await begun.WaitAsync(Stopping);
        var second = shared.ReadAsync(Stopping);
        lists[0].Sending();
        var third = shared.ReadAsync(Stopping);
        await begun.WaitAsync(Stopping);
        var (older, newer) = (new Listing([]), new Listing([]));

        lists[0].Answer.SetResult(older);
        lists[1].Answer.SetResult(newer);

        Assert.Same(older, await first);
        Assert.Same(older, await second);
        Assert.Same(newer, await third);
        Assert.Equal(2, lists.Count);
    }

    [Fact]
    public async Task A_failure_reaches_all_who_wait_and_the_next_begins_anew()
    {
        var waiting = new[] { shared.ReadAsync(Stopping), shared.ReadAsync(Stopping) };
        await begun.WaitAsync(Stopping);
        lists[0].Answer.SetException(new ExtensionException(Reason.Unreachable, "away"));
        foreach (var each in waiting)
            await Assert.ThrowsAsync<ExtensionException>(() => each);

        var again = shared.ReadAsync(Stopping);
        await begun.WaitAsync(Stopping);
        lists[1].Answer.SetResult(new([]));

        Assert.Empty((await again).Services);
    }

    [Fact]
    public async Task Who_gives_up_takes_nothing_from_the_others()
    {
        using var cut = new CancellationTokenSource();
        var leaving = shared.ReadAsync(cut.Token);
        var staying = shared.ReadAsync(Stopping);
        await begun.WaitAsync(Stopping);

        await cut.CancelAsync();
        lists[0].Answer.SetResult(new([]));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        Assert.Empty((await staying).Services);
    }

    private Task<Listing> ListAsync(Action sending)
    {
        var answer = new TaskCompletionSource<Listing>(TaskCreationOptions.RunContinuationsAsynchronously);
        lists.Add((sending, answer));
        begun.Release();
        return answer.Task;
    }
}
