using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Storage;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Claims;

public class KnownRecordsTests
{
    private readonly KnownRecords<NodeRecord> known = new();

    [Fact]
    public void What_was_written_here_is_known_before_a_view_shows_it()
    {
        known.See(View(5, ("a", 5, 1)));
        known.Wrote("a", new Revision(7), Node("a", 2));
        known.See(View(6, ("a", 5, 1)));

        Assert.Equal(2, known.Find("a")!.Value.Value.Revision);
    }

    [Fact]
    public void A_newer_view_counts_more_than_what_was_written_here()
    {
        known.Wrote("a", new Revision(7), Node("a", 2));
        known.See(View(9, ("a", 8, 3)));

        Assert.Equal(3, known.Find("a")!.Value.Value.Revision);
    }

    [Fact]
    public void What_was_deleted_here_does_not_come_back_with_a_late_view()
    {
        known.See(View(5, ("a", 5, 1)));
        known.Deleted("a", new Revision(5));
        known.See(View(6, ("a", 5, 1)));

        Assert.Null(known.Find("a"));
    }

    [Fact]
    public void What_was_deleted_here_and_made_anew_by_another_is_known()
    {
        known.See(View(5, ("a", 5, 1)));
        known.Deleted("a", new Revision(5));
        known.See(View(9, ("a", 9, 1)));

        Assert.NotNull(known.Find("a"));
    }

    [Fact]
    public void An_older_view_says_nothing()
    {
        known.See(View(9, ("a", 9, 4)));
        known.See(View(8, ("a", 5, 1)));

        Assert.Equal(4, known.Find("a")!.Value.Value.Revision);
    }

    private static NodeRecord Node(string name, long count) => new() { Metadata = ClaimMeta.Named(name), Revision = count };

    private static RecordView<NodeRecord> View(long at, params (string Name, long Revision, long Count)[] records) => new(
        new Revision(at),
        RecordView<NodeRecord>.Empty.Records.AddRange(records.Select(record =>
            KeyValuePair.Create(record.Name, new StoredRecord<NodeRecord>(new Revision(record.Revision), Node(record.Name, record.Count))))));
}
