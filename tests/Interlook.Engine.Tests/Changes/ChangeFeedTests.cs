using System.Collections.Immutable;
using Interlook.Engine.Changes;
using Interlook.Providers;
using Interlook.Services;
using Xunit;

namespace Interlook.Engine.Tests.Changes;

public sealed class ChangeFeedTests
{
    private static readonly ServiceKey Shop = new(ServiceKey.DefaultWorkflow, "shop");
    private static readonly ServiceKey Mail = new(ServiceKey.DefaultWorkflow, "mail");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Several_changes_of_one_entry_are_one()
    {
        var feed = new ChangeFeed();
        using var reader = feed.Read();

        for (var i = 0; i < 1_000; i++)
            feed.Say(Shop);
        feed.Say(Mail);

        Assert.Equal([Shop, Mail], (await reader.NextAsync(Token)).Order(Comparer<ServiceKey>.Create((a, b) => string.CompareOrdinal(b.Service, a.Service))));
        Assert.False(reader.NextAsync(Token).IsCompleted);
    }

    [Fact]
    public async Task A_reader_waits_for_the_next_change()
    {
        var feed = new ChangeFeed();
        using var reader = feed.Read();

        var next = reader.NextAsync(Token);
        var waited = !next.IsCompleted;
        feed.Say(Shop);

        Assert.True(waited);
        Assert.Equal([Shop], await next);
    }

    [Fact]
    public async Task Every_reader_is_told_from_its_beginning_to_its_end()
    {
        var feed = new ChangeFeed();
        using var early = feed.Read();
        feed.Say(Shop);
        using var late = feed.Read();
        early.Dispose();
        feed.Say(Mail);

        Assert.Equal([Shop], await early.NextAsync(Token));
        Assert.Equal([Mail], await late.NextAsync(Token));
    }

    [Fact]
    public async Task A_reader_that_is_cancelled_misses_nothing()
    {
        var feed = new ChangeFeed();
        using var reader = feed.Read();
        using var impatient = new CancellationTokenSource();

        var first = reader.NextAsync(impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        feed.Say(Shop);

        Assert.Equal([Shop], await reader.NextAsync(Token));
    }

    [Fact]
    public void The_engine_tells_what_comes_changes_and_goes()
    {
        using var bed = new TestBed();
        bed.Start();
        using var reader = bed.Engine.ReadChanges();

        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        var come = Changed(reader);
        bed.Run(TimeSpan.FromMinutes(1));
        var silent = Changed(reader);
        bed.Say(new ProviderEvent.Published(Sample.Definition(port: 81)));
        var changed = Changed(reader);
        bed.Say(new ProviderEvent.Withdrawn("shop"));
        bed.Run(TimeSpan.FromMinutes(1));
        _ = Changed(reader);
        bed.Run(TimeSpan.FromMinutes(12));
        var gone = Changed(reader);

        Assert.Equal([Shop], come);
        Assert.Empty(silent);
        Assert.Equal([Shop], changed);
        Assert.Equal([Shop], gone);
        Assert.Null(bed.Engine.Find(Shop));
    }

    private static ImmutableArray<ServiceKey> Changed(ChangeReader reader)
    {
        var next = reader.NextAsync(new CancellationToken(canceled: true));
        return next.IsCompletedSuccessfully ? next.GetAwaiter().GetResult() : [];
    }
}
