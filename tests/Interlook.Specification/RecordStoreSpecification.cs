using Interlook.Storage;
using Xunit;

namespace Interlook.Specification;

/// <summary>What every record store does. A store's tests inherit this and say how to open it.</summary>
public abstract class RecordStoreSpecification
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    /// <summary>Opens the one store of this test; what it held when it was last disposed is there again.</summary>
    protected abstract IRecordStore<Note> Open();

    /// <summary>Ends the store as a crash would: without a word. The next <see cref="Open"/> finds what was acknowledged.</summary>
    protected abstract Task CrashAsync(IRecordStore<Note> store);

    [Fact]
    public async Task A_new_store_is_empty()
    {
        await using var store = Open();

        var all = await store.ReadAllAsync(Stopping);

        Assert.Empty(all);
    }

    [Fact]
    public async Task A_written_record_is_read_with_the_revision_the_write_returned()
    {
        await using var store = Open();

        var revision = await store.WriteAsync(new("a", Revision.None, new Note("one", 1)), Stopping);

        Assert.NotEqual(Revision.None, revision);
        Assert.Equal(new StoredRecord<Note>(revision, new Note("one", 1)), Assert.Single(await store.ReadAllAsync(Stopping)).Value);
    }

    [Fact]
    public async Task What_was_read_does_not_change_when_the_store_does()
    {
        await using var store = Open();
        await store.WriteAsync(new("a", Revision.None, new Note("one", 1)), Stopping);
        var before = await store.ReadAllAsync(Stopping);

        await store.WriteAsync(new("b", Revision.None, new Note("two", 2)), Stopping);

        Assert.Equal(["a"], before.Keys);
    }

    [Fact]
    public async Task Each_write_follows_the_revision_before_it()
    {
        await using var store = Open();
        var first = await store.WriteAsync(new("a", Revision.None, new Note("one", 1)), Stopping);

        var second = await store.WriteAsync(new("a", first, new Note("two", 2)), Stopping);

        Assert.True(second.Value > first.Value);
        Assert.Equal(new Note("two", 2), (await store.ReadAllAsync(Stopping))["a"].Value);
    }

    [Fact]
    public async Task A_write_that_follows_an_old_revision_is_refused_and_changes_nothing()
    {
        await using var store = Open();
        var first = await store.WriteAsync(new("a", Revision.None, new Note("one", 1)), Stopping);
        var second = await store.WriteAsync(new("a", first, new Note("two", 2)), Stopping);

        var stale = await Assert.ThrowsAsync<StaleRevisionException>(() => store.WriteAsync(new("a", first, new Note("three", 3)), Stopping));

        Assert.Equal(second, stale.Actual);
        Assert.Equal(new StoredRecord<Note>(second, new Note("two", 2)), (await store.ReadAllAsync(Stopping))["a"]);
    }

    [Fact]
    public async Task A_record_cannot_be_created_twice()
    {
        await using var store = Open();
        await store.WriteAsync(new("a", Revision.None, new Note("one", 1)), Stopping);

        await Assert.ThrowsAsync<StaleRevisionException>(() => store.WriteAsync(new("a", Revision.None, new Note("two", 2)), Stopping));
    }

    [Fact]
    public async Task A_record_that_is_not_there_cannot_be_followed()
    {
        await using var store = Open();

        var stale = await Assert.ThrowsAsync<StaleRevisionException>(() => store.WriteAsync(new("a", new Revision(5), new Note("one", 1)), Stopping));

        Assert.Equal(Revision.None, stale.Actual);
    }

    [Fact]
    public async Task A_deleted_record_is_gone_and_can_be_created_again_with_a_revision_it_never_had()
    {
        await using var store = Open();
        var first = await store.WriteAsync(new("a", Revision.None, new Note("one", 1)), Stopping);

        var deleted = await store.WriteAsync(new("a", first, null), Stopping);
        var empty = await store.ReadAllAsync(Stopping);
        var again = await store.WriteAsync(new("a", Revision.None, new Note("two", 2)), Stopping);

        Assert.Equal(Revision.None, deleted);
        Assert.Empty(empty);
        Assert.True(again.Value > first.Value);
    }

    [Fact]
    public async Task Deleting_what_is_not_there_succeeds()
    {
        await using var store = Open();

        var revision = await store.WriteAsync(new("a", Revision.None, null), Stopping);

        Assert.Equal(Revision.None, revision);
    }

    [Fact]
    public async Task Of_many_writers_of_one_revision_exactly_one_wins()
    {
        await using var store = Open();
        var first = await store.WriteAsync(new("a", Revision.None, new Note("start", 0)), Stopping);

        var writes = Enumerable.Range(1, 20).Select(i => TryAsync(store.WriteAsync(new("a", first, new Note("racer", i)), Stopping)));
        var won = await Task.WhenAll(writes);

        var winner = Assert.Single(won.Select((revision, index) => (revision, index)), racer => racer.revision is not null);
        Assert.Equal(new Note("racer", winner.index + 1), (await store.ReadAllAsync(Stopping))["a"].Value);
    }

    [Theory]
    [InlineData("default/a service with spaces")]
    [InlineData("default/<b>&\"'\\/{}[]:,")]
    [InlineData("default/Zürich 東京 🚀")]
    [InlineData("")]
    public async Task A_key_and_a_text_may_be_anything_printable(string text)
    {
        var store = Open();
        await store.WriteAsync(new(text, Revision.None, new Note(text, int.MinValue)), Stopping);
        await store.DisposeAsync();

        await using var again = Open();

        Assert.Equal(new Note(text, int.MinValue), (await again.ReadAllAsync(Stopping))[text].Value);
    }

    [Fact]
    public async Task A_large_record_is_kept_whole()
    {
        var text = new string('x', 1_000_000);
        var store = Open();
        await store.WriteAsync(new("large", Revision.None, new Note(text, 1)), Stopping);
        await CrashAsync(store);

        await using var again = Open();

        Assert.Equal(text, (await again.ReadAllAsync(Stopping))["large"].Value.Text);
    }

    [Fact]
    public async Task Records_and_revisions_are_the_same_after_the_store_was_closed()
    {
        var store = Open();
        var revision = await store.WriteAsync(new("a", Revision.None, new Note("one", 1)), Stopping);
        await store.DisposeAsync();

        await using var again = Open();
        var read = await again.ReadAllAsync(Stopping);

        Assert.Equal(new StoredRecord<Note>(revision, new Note("one", 1)), read["a"]);
        Assert.True((await again.WriteAsync(new("a", revision, new Note("two", 2)), Stopping)).Value > revision.Value);
    }

    [Fact]
    public async Task Everything_acknowledged_survives_a_crash()
    {
        var store = Open();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => store.WriteAsync(new($"key {i}", Revision.None, new Note("kept", i)), Stopping)));
        await CrashAsync(store);

        await using var again = Open();
        var read = await again.ReadAllAsync(Stopping);

        Assert.Equal(Enumerable.Range(0, 200), read.Values.Select(record => record.Value.Number).Order());
    }

    [Fact]
    public async Task A_write_that_is_called_off_before_it_begins_leaves_nothing()
    {
        await using var store = Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => store.WriteAsync(new("a", Revision.None, new Note("one", 1)), new CancellationToken(canceled: true)));

        Assert.Empty(await store.ReadAllAsync(Stopping));
    }

    [Fact]
    public async Task A_closed_store_refuses_to_write()
    {
        var store = Open();
        await store.ReadAllAsync(Stopping);
        await store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.WriteAsync(new("a", Revision.None, new Note("one", 1)), Stopping));
    }

    /// <summary>Random operations by several writers, with crashes and restarts in between, agree with a dictionary that does the same.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Generated_operations_agree_with_a_model(int seed)
    {
        var random = new Random(seed);
        var model = new Dictionary<string, StoredRecord<Note>>();
        var store = Open();

        for (var round = 0; round < 60; round++)
        {
            var keys = Enumerable.Range(0, 12).Select(i => $"key {i}").Where(_ => random.Next(2) == 0);
            var writes = keys.Select(key => Next(random, key, model)).ToArray();
            var results = await Task.WhenAll(writes.Select(write => TryAsync(store.WriteAsync(write, Stopping))));
            for (var i = 0; i < writes.Length; i++)
                Follow(model, writes[i], results[i]);
            if (random.Next(8) == 0)
                await CrashAsync(store);
            else if (random.Next(8) == 0)
                await store.DisposeAsync();
            else
                continue;
            store = Open();
            Assert.Equal(model.OrderBy(record => record.Key), (await store.ReadAllAsync(Stopping)).OrderBy(record => record.Key));
        }

        Assert.Equal(model.OrderBy(record => record.Key), (await store.ReadAllAsync(Stopping)).OrderBy(record => record.Key));
        await store.DisposeAsync();
    }

    /// <summary>The seeds of <see cref="Generated_operations_agree_with_a_model"/>.</summary>
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    private static RecordWrite<Note> Next(Random random, string key, Dictionary<string, StoredRecord<Note>> model)
    {
        var current = model.TryGetValue(key, out var record) ? record.Revision : Revision.None;
        var expected = random.Next(5) == 0 ? new Revision(random.Next(50)) : current;
        return new RecordWrite<Note>(key, expected, random.Next(4) == 0 ? null : new Note(new string('n', random.Next(100)), random.Next()));
    }

    private static void Follow(Dictionary<string, StoredRecord<Note>> model, RecordWrite<Note> write, Revision? result)
    {
        var current = model.TryGetValue(write.Key, out var record) ? record.Revision : Revision.None;
        Assert.Equal(write.Expected == current, result is not null);
        if (result is not { } revision)
            return;
        if (write.Value is null)
        {
            Assert.Equal(Revision.None, revision);
            model.Remove(write.Key);
            return;
        }
        Assert.True(revision.Value > current.Value);
        model[write.Key] = new StoredRecord<Note>(revision, write.Value);
    }

    private static async Task<Revision?> TryAsync(Task<Revision> write)
    {
        try
        {
            return await write;
        }
        catch (StaleRevisionException)
        {
            return null;
        }
    }
}
