using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Storage;
using Xunit;

namespace Interlook.Engine.Tests;

/// <summary>What an entry remembers, and how that is kept.</summary>
public sealed class HistoryTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly ServiceKey Shop = new(ServiceKey.DefaultWorkflow, "shop");

    [Fact]
    public void A_service_remembers_its_way()
    {
        using var bed = new TestBed();
        bed.Start();
        bed.Steps["lb.c"].Deploy = async (_, desired, stopping) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(40), bed.Time, stopping);
            return desired;
        };

        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        bed.Run(Second);
        bed.Say(new ProviderEvent.Published(Sample.Definition(port: 81)));
        bed.Run(Second);
        bed.Say(new ProviderEvent.Withdrawn("shop"));
        bed.Run(Second);

        Assert.Equal(
            [
                "provider.sample Detected", "ipam.a Deployed", "lb.c Deployed", "core Deployed",
                "provider.sample Updated", "ipam.a Deployed", "lb.c Deployed", "core Deployed",
                "provider.sample Withdrawn", "lb.c Undeployed", "ipam.a Undeployed", "core Undeployed",
            ],
            Words(bed.Engine));
        Assert.Equal(TimeSpan.FromMilliseconds(40), bed.Engine.History(Shop)!.Transitions[2].Duration);
        Assert.Null(bed.Engine.History(Shop)!.Transitions[0].Duration);
    }

    [Fact]
    public void A_step_that_fails_again_and_again_is_remembered_once_with_its_count()
    {
        using var bed = new TestBed();
        bed.Start();
        bed.Steps["lb.c"].Deploy = (_, _, _) => throw new ExtensionException(Reason.Unreachable, "nobody answers");

        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        bed.Run(TimeSpan.FromMinutes(10));

        Assert.Equal(["provider.sample Detected", "ipam.a Deployed", "lb.c Failed"], Words(bed.Engine));
        var failed = bed.Engine.History(Shop)!.Transitions[2];
        Assert.Equal(bed.Entry()!.Failure!.Attempts, failed.Count);
        Assert.Equal((Reason.Unreachable, "nobody answers"), (failed.Reason, failed.Message));
        Assert.True(failed.LastTime > failed.Time);
    }

    [Fact]
    public void Drift_is_remembered_with_what_differs()
    {
        using var bed = new TestBed();
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        bed.Steps["lb.c"].Observe = applied => bed.Steps["lb.c"].Calls.Count > 1 ? Observation.InPlace : new Observation([new Drift(Shop, "its server is missing")], []);

        bed.Run(TimeSpan.FromMinutes(11));

        Assert.Equal(["lb.c Drifted", "lb.c Deployed", "core Deployed"], Words(bed.Engine)[^3..]);
        Assert.Equal("its server is missing", bed.Engine.History(Shop)!.Transitions[^3].Message);
    }

    [Fact]
    public void A_history_is_written_within_a_second_and_no_more_when_nothing_happens()
    {
        var kept = new KeptHistories();
        using var bed = new TestBed(histories: kept);
        bed.Start();

        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        var before = kept.Writes;
        bed.Run(Second);
        var after = kept.Writes;
        bed.Run(TimeSpan.FromMinutes(5));

        Assert.Equal((0, 1, 1), (before, after, kept.Writes));
        Assert.Equal(bed.Engine.History(Shop), kept.Records[Shop.Path].Value);
    }

    [Fact]
    public void At_a_stop_everything_is_written()
    {
        var kept = new KeptHistories();
        using var bed = new TestBed(histories: kept);
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));

        bed.Complete(() => bed.Engine.StopAsync(CancellationToken.None));

        Assert.Equal(bed.Engine.History(Shop), kept.Records[Shop.Path].Value);
    }

    [Fact]
    public void When_everything_changes_at_once_the_histories_are_written_over_several_seconds()
    {
        var kept = new KeptHistories();
        using var bed = new TestBed(histories: kept);
        bed.Start();

        bed.Say(new ProviderEvent.Snapshot([.. Enumerable.Range(0, 10_000).Select(i => Sample.Definition($"s{i}"))]));
        bed.Run(Second);
        var first = kept.Writes;
        bed.Run(Second);

        Assert.Equal((8_192, 10_000), (first, kept.Records.Count));
    }

    [Fact]
    public void A_store_that_fails_harms_no_service_and_is_tried_again()
    {
        var kept = new KeptHistories { IsBroken = false };
        using var bed = new TestBed(histories: kept);
        bed.Start();
        kept.IsBroken = true;

        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        bed.Run(TimeSpan.FromSeconds(3));
        var (state, written) = (bed.Entry()!.State, kept.Records.Count);
        kept.IsBroken = false;
        bed.Run(Second);

        Assert.Equal((Entry.Deployed, 0), (state, written));
        Assert.Equal(bed.Engine.History(Shop), kept.Records[Shop.Path].Value);
    }

    [Fact]
    public void A_store_that_cannot_be_read_costs_the_histories_alone()
    {
        var kept = new KeptHistories { IsBroken = true };
        using var bed = new TestBed(histories: kept, entries: new KeptEntries());

        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        bed.Run(TimeSpan.FromMinutes(1));

        Assert.Equal(Entry.Deployed, bed.Entry()!.State);
        Assert.Equal(0, kept.Writes);
        Assert.Equal(4, bed.Engine.History(Shop)!.Transitions.Length);
    }

    [Fact]
    public void A_service_that_is_forgotten_takes_its_history_with_it()
    {
        var kept = new KeptHistories();
        using var bed = new TestBed(histories: kept);
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition(), Sample.Definition("mail")]));
        bed.Say(new ProviderEvent.Withdrawn("shop"));

        bed.Run(TimeSpan.FromMinutes(12));

        Assert.Null(bed.Engine.History(Shop));
        Assert.Equal(["default/mail"], kept.Records.Keys);
    }

    [Fact]
    public void After_a_restart_the_history_goes_on_and_one_without_an_entry_is_deleted()
    {
        var (kept, entries) = (new KeptHistories(), new KeptEntries());
        using (var bed = new TestBed(histories: kept, entries: entries))
        {
            bed.Start();
            bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
            bed.Complete(() => bed.Engine.StopAsync(CancellationToken.None));
        }
        kept.Records["default/ghost"] = new StoredRecord<EntryHistory>(new Revision(3), EntryHistory.Empty);

        using var again = new TestBed(histories: kept, entries: entries);
        again.Start();
        again.Say(new ProviderEvent.Snapshot([Sample.Definition(port: 81)]));
        again.Run(Second);

        Assert.Equal(
            ["provider.sample Detected", "ipam.a Deployed", "lb.c Deployed", "core Deployed", "provider.sample Updated", "ipam.a Deployed", "lb.c Deployed", "core Deployed"],
            Words(again.Engine));
        Assert.Equal(again.Engine.History(Shop), Assert.Single(kept.Records).Value.Value);
    }

    [Fact]
    public void A_service_that_comes_back_writes_over_what_is_left_of_it()
    {
        var kept = new KeptHistories();
        using var bed = new TestBed(histories: kept);
        bed.Start();
        kept.Records[Shop.Path] = new StoredRecord<EntryHistory>(new Revision(7), EntryHistory.Empty);

        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        bed.Run(Second);

        Assert.Equal(new Revision(8), kept.Records[Shop.Path].Revision);
        Assert.Equal(bed.Engine.History(Shop), kept.Records[Shop.Path].Value);
    }

    private static string[] Words(WorkflowEngine engine) =>
        [.. engine.History(Shop)!.Transitions.ToArray().Select(each => $"{each.By} {each.Kind}")];
}
