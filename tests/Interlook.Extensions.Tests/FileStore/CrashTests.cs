using Interlook.Extensions.FileStore;
using Interlook.Specification;
using Interlook.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.FileStore;

/// <summary>The machine goes down at every operation, and the disk fails at every operation: what was acknowledged is there.</summary>
public sealed class CrashTests
{
    private const string Document = "notes.db";

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_acknowledged_survives_a_crash_at_every_operation()
    {
        for (var at = 1; ; at++)
        {
            var disk = new SimulatedDisk(new Random(at)) { CrashAt = at };
            var acknowledged = new Dictionary<string, int>();

            await WriteUntilFailureAsync(disk, acknowledged);

            if (!disk.IsDown)
            {
                Assert.True(at > 40, $"only {at} operations: the scenario does too little");
                return;
            }
            await AssertKeptAsync(disk, acknowledged, $"crash at operation {at}");
        }
    }

    [Fact]
    public async Task A_second_crash_during_recovery_loses_nothing_either()
    {
        for (var at = 1; at < 60; at += 3)
        {
            for (var again = 1; again < 12; again++)
            {
                var disk = new SimulatedDisk(new Random(at)) { CrashAt = at };
                var acknowledged = new Dictionary<string, int>();
                await WriteUntilFailureAsync(disk, acknowledged);
                disk.CrashAt = disk.Operations + again;
                await WriteUntilFailureAsync(disk, acknowledged);

                await AssertKeptAsync(disk, acknowledged, $"crashes at operations {at} and {again} later");
            }
        }
    }

    [Fact]
    public async Task After_a_failure_of_any_operation_the_store_goes_on_and_keeps_what_it_acknowledged()
    {
        for (var at = 1; at < 60; at++)
        {
            var failing = at;
            var disk = new SimulatedDisk(new Random(at));
            disk.Fails = (_, _) => disk.Operations == failing;
            var acknowledged = new Dictionary<string, int>();
            await WriteUntilFailureAsync(disk, acknowledged);

            disk.Crash();

            await AssertKeptAsync(disk, acknowledged, $"failure at operation {at}");
        }
    }

    [Theory]
    [InlineData("append")]
    [InlineData("flush")]
    public async Task A_failed_write_is_refused_and_the_next_one_is_kept(string operation)
    {
        var disk = new SimulatedDisk(new Random(3));
        var store = Open(disk);
        var first = await store.WriteAsync(new("a", Revision.None, new Note("one", 1)), Stopping);
        disk.Fails = (name, _) => name == operation;

        var failure = await Assert.ThrowsAsync<StoreException>(() => store.WriteAsync(new("a", first, new Note("two", 2)), Stopping));
        disk.Fails = null;
        var third = await store.WriteAsync(new("a", first, new Note("three", 3)), Stopping);
        disk.Crash();
        await using var again = Open(disk);

        Assert.Contains(Document, failure.Message, StringComparison.Ordinal);
        Assert.Equal(new StoredRecord<Note>(third, new Note("three", 3)), (await again.ReadAllAsync(Stopping))["a"]);
    }

    [Fact]
    public async Task While_the_disk_stays_full_every_write_is_refused_and_nothing_is_lost()
    {
        var disk = new SimulatedDisk(new Random(3));
        var store = Open(disk);
        await store.WriteAsync(new("a", Revision.None, new Note("kept", 1)), Stopping);
        disk.Fails = (name, _) => name is "append" or "create";

        for (var i = 0; i < 5; i++)
            await Assert.ThrowsAsync<StoreException>(() => store.WriteAsync(new("b", Revision.None, new Note("refused", i)), Stopping));
        disk.Fails = null;
        await store.WriteAsync(new("c", Revision.None, new Note("kept", 3)), Stopping);
        await store.DisposeAsync();

        await using var again = Open(disk);
        Assert.Equal(["a", "c"], (await again.ReadAllAsync(Stopping)).Keys.Order());
    }

    [Fact]
    public async Task A_closed_store_leaves_a_document_that_says_everything_and_no_journal()
    {
        var disk = new SimulatedDisk(new Random(3));
        var store = Open(disk);
        await store.WriteAsync(new("a", Revision.None, new Note("one", 1)), Stopping);

        await store.DisposeAsync();

        Assert.Equal([Document], disk.Files);
        Assert.Contains("\"text\": \"one\"", System.Text.Encoding.UTF8.GetString(disk.Content(Document)!), StringComparison.Ordinal);
    }

    private static IRecordStore<Note> Open(SimulatedDisk disk) =>
        new FileRecordStores(disk.Mount(), NullLoggerFactory.Instance, foldAfter: 300).Open(Document, new NoteCodec());

    private static async Task WriteUntilFailureAsync(SimulatedDisk disk, Dictionary<string, int> acknowledged)
    {
        var store = Open(disk);
        try
        {
            var all = await store.ReadAllAsync(Stopping);
            var revisions = all.ToDictionary(record => record.Key, record => record.Value.Revision);
            for (var i = 0; i < 20; i++)
            {
                var key = $"key {i % 5}";
                var number = acknowledged.GetValueOrDefault(key) + 1;
                revisions[key] = await store.WriteAsync(new(key, revisions.GetValueOrDefault(key), new Note("kept", number)), Stopping);
                acknowledged[key] = number;
            }
        }
        catch (StoreException)
        {
            // What the caller does not know, the store may know or not.
        }
        await store.DisposeAsync();
    }

    private static async Task AssertKeptAsync(SimulatedDisk disk, Dictionary<string, int> acknowledged, string when)
    {
        await using var store = Open(disk);
        IReadOnlyDictionary<string, StoredRecord<Note>> read;
        try
        {
            read = await store.ReadAllAsync(Stopping);
        }
        catch (StoreException damage)
        {
            throw new InvalidOperationException($"{when}: {damage.Message}", damage);
        }
        foreach (var (key, number) in acknowledged)
            Assert.True(read.TryGetValue(key, out var record) && record.Value.Number >= number && record.Value.Number <= number + 2, $"{when}: {key} was {number}");
        await store.WriteAsync(new("after", read.TryGetValue("after", out var after) ? after.Revision : Revision.None, new Note("after", 0)), Stopping);
    }
}
