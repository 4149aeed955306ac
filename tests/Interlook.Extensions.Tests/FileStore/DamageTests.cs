using System.Text;
using Interlook.Extensions.FileStore;
using Interlook.Fixtures;
using Interlook.Specification;
using Interlook.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.FileStore;

/// <summary>Files cut short at every position and with every byte changed: what was acknowledged is there, or the open stops and says where.</summary>
public sealed class DamageTests
{
    private const string Document = "notes.db";

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_journal_cut_short_anywhere_keeps_every_line_before_the_cut()
    {
        var files = await FilesAsync();
        var journal = files.Single(file => file.Key.Contains(".journal.", StringComparison.Ordinal));

        for (var length = 0; length < journal.Value.Length; length++)
        {
            var disk = Disk(files);
            disk.Put(journal.Key, journal.Value[..length]);
            await using var store = Open(disk);

            var read = await store.ReadAllAsync(Stopping);

            var whole = journal.Value[..length].Count(single => single == '\n');
            var complete = length < journal.Value.Length && journal.Value[length] == '\n' ? 1 : 0; // only the line feed is missing
            Assert.Equal(3 + whole + complete, read.Count);
        }
    }

    [Fact]
    public async Task A_changed_byte_anywhere_in_a_journal_is_found_or_harmless()
    {
        var files = await FilesAsync();
        var journal = files.Single(file => file.Key.Contains(".journal.", StringComparison.Ordinal));

        for (var i = 0; i < journal.Value.Length; i++)
        {
            foreach (var flip in new byte[] { 0x01, 0x20, 0x80, 0xff })
            {
                var disk = Disk(files);
                var bytes = journal.Value.ToArray();
                bytes[i] ^= flip;
                disk.Put(journal.Key, bytes);
                await AssertFoundOrHarmlessAsync(disk, $"{journal.Key}, line ", $"byte {i} of the journal, flipped by {flip:x}");
            }
        }
    }

    [Fact]
    public async Task A_changed_byte_anywhere_in_a_document_is_found_or_harmless()
    {
        var files = await FilesAsync();

        for (var i = 0; i < files[Document].Length; i++)
        {
            foreach (var flip in new byte[] { 0x01, 0x20, 0x80, 0xff })
            {
                var disk = Disk(files);
                var bytes = files[Document].ToArray();
                bytes[i] ^= flip;
                disk.Put(Document, bytes);
                await AssertFoundOrHarmlessAsync(disk, Document, $"byte {i} of the document, flipped by {flip:x}");
            }
        }
    }

    [Fact]
    public async Task A_document_cut_short_anywhere_stops_the_open_with_file_line_and_column()
    {
        var files = await FilesAsync();

        for (var length = 1; length < files[Document].Length - 2; length++) // the last two are the brace's line feed and the brace
        {
            var disk = Disk(files);
            disk.Put(Document, files[Document][..length]);
            await using var store = Open(disk);

            var damage = await Assert.ThrowsAsync<StoreException>(() => store.ReadAllAsync(Stopping));

            Assert.Matches(@"^notes\.db, line \d+, column \d+: .* restore it from a backup", damage.Message);
        }
    }

    [Theory]
    [InlineData("{\"format\": 3}", "notes.db has format 3, and this version of Interlook reads format 2")]
    [InlineData("{\"format\": 2, \"journal\": 1}", "line 1, column 27: \"revision\" is expected here")]
    [InlineData("{\"a\": 1}", "neither a document of Interlook nor one of the earlier system's notes")]
    [InlineData("hello", "line 1, column 1: 'h' is an invalid start of a value")]
    [InlineData("{\n  \"format\": 2,\n  \"journal\": 1,\n  \"revision\": 1,\n  \"notes\": {\n    \"a\": {\"revision\": 1, \"record\": {\"text\": 5, \"number\": 1}}\n  }\n}", "line 6, column")]
    public async Task Something_else_stops_the_open_and_is_named(string text, string expected)
    {
        var disk = new SimulatedDisk(new Random(1));
        disk.Put(Document, text);
        await using var store = Open(disk);

        var damage = await Assert.ThrowsAsync<StoreException>(() => store.ReadAllAsync(Stopping));

        Assert.StartsWith(Document, damage.Message, StringComparison.Ordinal);
        Assert.Contains(expected, damage.Message, StringComparison.Ordinal);
        Assert.Equal(text, Encoding.UTF8.GetString(disk.Content(Document)!));
    }

    [Fact]
    public async Task A_missing_journal_between_two_others_stops_the_open()
    {
        var disk = Disk(await FilesAsync());
        var journal = disk.Files.Single(file => file.Contains(".journal.", StringComparison.Ordinal));
        disk.Put(journal[..^1] + "9", "");

        await using var store = Open(disk);
        var damage = await Assert.ThrowsAsync<StoreException>(() => store.ReadAllAsync(Stopping));

        Assert.Contains("is missing", damage.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_journal_without_its_document_stops_the_open(bool empty)
    {
        var disk = new SimulatedDisk(new Random(1));
        disk.Put(Document + ".journal.4", "");
        if (empty)
            disk.Put(Document, "");

        await using var store = Open(disk);
        var damage = await Assert.ThrowsAsync<StoreException>(() => store.ReadAllAsync(Stopping));

        Assert.Contains(empty ? "is empty" : "is missing", damage.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task An_empty_file_is_a_new_store(string text)
    {
        var disk = new SimulatedDisk(new Random(1));
        disk.Put(Document, text);

        await using var store = Open(disk);

        Assert.Empty(await store.ReadAllAsync(Stopping));
    }

    [Fact]
    public async Task A_file_of_the_earlier_system_is_converted_and_kept_aside()
    {
        var disk = new SimulatedDisk(new Random(1));
        disk.Put(Document, "[\"one\", \"two\"]");

        await using (var store = Open(disk))
            Assert.Equal(["one", "two"], (await store.ReadAllAsync(Stopping)).Keys.Order());

        Assert.Equal("[\"one\", \"two\"]", Encoding.UTF8.GetString(disk.Content(Document + ".before-conversion")!));
        await using var again = Open(disk);
        Assert.Equal(["one", "two"], (await again.ReadAllAsync(Stopping)).Keys.Order());
    }

    [Fact]
    public async Task A_file_kept_aside_is_never_overwritten()
    {
        var disk = new SimulatedDisk(new Random(1));
        disk.Put(Document, "[\"one\"]");
        disk.Put(Document + ".before-conversion", "[\"other\"]");
        await using var store = Open(disk);

        var refusal = await Assert.ThrowsAsync<StoreException>(() => store.ReadAllAsync(Stopping));

        Assert.Contains(".before-conversion", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("[\"other\"]", Encoding.UTF8.GetString(disk.Content(Document + ".before-conversion")!));
    }

    [Fact]
    public async Task A_conversion_survives_a_crash_at_every_operation()
    {
        for (var at = 1; at < 20; at++)
        {
            var disk = new SimulatedDisk(new Random(at));
            disk.Put(Document, "[\"one\", \"two\"]");
            disk.CrashAt = at;
            await using (var first = Open(disk))
            {
                try
                {
                    await first.ReadAllAsync(Stopping);
                }
                catch (StoreException)
                {
                    // The machine went down.
                }
            }
            disk.CrashAt = null;

            await using var store = Open(disk);

            Assert.Equal(["one", "two"], (await store.ReadAllAsync(Stopping)).Keys.Order());
            Assert.NotNull(disk.Content(Document + ".before-conversion"));
        }
    }

    [Fact]
    public async Task Whoever_changes_the_document_by_hand_removes_the_checksum()
    {
        var files = await FilesAsync();
        var text = Encoding.UTF8.GetString(files[Document]).Replace("\"text\": \"one\"", "\"text\": \"changed\"", StringComparison.Ordinal);
        var disk = Disk(files);
        disk.Put(Document, text[..text.LastIndexOf(',')] + "\n}\n");

        await using var store = Open(disk);

        Assert.Equal("changed", (await store.ReadAllAsync(Stopping))["key 1"].Value.Text);
    }

    [Fact]
    public async Task A_second_store_on_the_same_file_is_refused()
    {
        var disk = new SimulatedDisk(new Random(1)).Mount();
        var stores = new FileRecordStores(disk, NullLoggerFactory.Instance);
        await using var first = stores.Open(Document, new NoteCodec());
        await first.ReadAllAsync(Stopping);

        await using var second = stores.Open(Document, new NoteCodec());
        var refusal = await Assert.ThrowsAsync<StoreException>(() => second.ReadAllAsync(Stopping));

        Assert.Contains("notes.db cannot be taken", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fold_that_fails_in_an_unforeseen_way_stops_neither_writes_nor_repair_nor_close()
    {
        var disk = new SimulatedDisk(new Random(1));
        var refused = 0;
        await using (var store = new FileRecordStores(disk.Mount(), NullLoggerFactory.Instance, foldAfter: 1).Open(Document, new NoteCodec()))
        {
            await store.ReadAllAsync(Stopping);
            disk.Fails = (operation, path) => operation == "replace" && path == Document && Interlocked.Increment(ref refused) > 0
                ? throw new UnauthorizedAccessException("not allowed")
                : false;
            await store.WriteAsync(new("key 1", Revision.None, new Note(new string('x', 1000), 1)), Stopping);
            await Eventually.TrueAsync("a fold is refused", () => Task.FromResult(Volatile.Read(ref refused) > 0));
            disk.Fails = (operation, _) => operation == "append";
            await Assert.ThrowsAsync<StoreException>(() => store.WriteAsync(new("key 2", Revision.None, new Note("one", 2)), Stopping));
            disk.Fails = null;
            await store.WriteAsync(new("key 3", Revision.None, new Note("one", 3)), Stopping);
            disk.Fails = (_, _) => throw new UnauthorizedAccessException("not allowed");
        }
        disk.Fails = null;

        await using var reopened = Open(disk);

        Assert.Equal(["key 1", "key 3"], (await reopened.ReadAllAsync(Stopping)).Keys.Order());
    }

    [Fact]
    public void What_the_local_disk_may_not_change_is_a_failure_that_the_store_knows()
    {
        using var folder = new TemporaryFolder();
        var taken = Path.Combine(folder.Path, "a folder");
        Directory.CreateDirectory(taken);
        var from = Path.Combine(folder.Path, "from");
        File.WriteAllText(from, "");
        var disk = new LocalDisk();

        Assert.Contains(taken, Assert.ThrowsAny<IOException>(() => disk.Delete(taken)).Message, StringComparison.Ordinal);
        Assert.Contains(taken, Assert.ThrowsAny<IOException>(() => disk.Replace(from, taken)).Message, StringComparison.Ordinal);
    }

    private static IRecordStore<Note> Open(SimulatedDisk disk) =>
        new FileRecordStores(disk.Mount(), NullLoggerFactory.Instance).Open(Document, new NoteCodec());

    /// <summary>A document with three notes and a journal with three more, as a crash leaves them.</summary>
    private static async Task<Dictionary<string, byte[]>> FilesAsync()
    {
        var disk = new SimulatedDisk(new Random(1));
        await using (var store = Open(disk))
        {
            for (var i = 1; i <= 3; i++)
                await store.WriteAsync(new($"key {i}", Revision.None, new Note("one", i)), Stopping);
        }
        var writing = Open(disk);
        for (var i = 4; i <= 6; i++)
            await writing.WriteAsync(new($"key {i}", Revision.None, new Note("two", i)), Stopping);
        disk.Crash();
        return disk.Files.ToDictionary(file => file, file => disk.Content(file)!);
    }

    private static SimulatedDisk Disk(Dictionary<string, byte[]> files)
    {
        var disk = new SimulatedDisk(new Random(1));
        foreach (var (path, bytes) in files)
            disk.Put(path, bytes);
        return disk;
    }

    private static async Task AssertFoundOrHarmlessAsync(SimulatedDisk disk, string place, string what)
    {
        await using var store = Open(disk);
        try
        {
            var read = await store.ReadAllAsync(Stopping);
            Assert.True(
                read.OrderBy(record => record.Key).Select(record => (record.Key, record.Value.Value.Number))
                    .SequenceEqual(Enumerable.Range(1, 6).Select(i => ($"key {i}", i))),
                $"{what}: not found, and something is lost");
        }
        catch (StoreException damage)
        {
            Assert.StartsWith(place, damage.Message, StringComparison.Ordinal);
        }
    }
}
