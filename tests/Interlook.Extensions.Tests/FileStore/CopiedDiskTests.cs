using System.Text;
using Interlook.Extensions.FileStore;
using Interlook.Fixtures;
using Interlook.Specification;
using Interlook.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.FileStore;

/// <summary>Reading a store that somebody else uses, without touching it.</summary>
public sealed class CopiedDiskTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_store_in_use_is_read_as_it_is_and_no_file_of_it_changes()
    {
        await using var used = Open(new LocalDisk());
        await WriteAsync(used, "a", "first");
        var before = Files();

        await using var looking = Open(new CopiedDisk(new LocalDisk()));
        var seen = await looking.ReadAllAsync(Stopping);
        await WriteAsync(looking, "b", "only in the copy");
        await looking.DisposeAsync();

        Assert.Equal("first", seen["a"].Value.Text);
        Assert.Equal(before, Files());
        Assert.Single(await used.ReadAllAsync(Stopping));
    }

    [Fact]
    public async Task Where_nothing_was_ever_written_nothing_is_found_and_nothing_made()
    {
        var absent = Path.Combine(folder.File("no-such-folder"), "notes.db");

        await using var looking = new FileRecordStores(new CopiedDisk(new LocalDisk()), NullLoggerFactory.Instance).Open(absent, new NoteCodec());

        Assert.Empty(await looking.ReadAllAsync(Stopping));
        Assert.False(Directory.Exists(folder.File("no-such-folder")));
    }

    [Fact]
    public async Task A_path_with_two_slashes_is_the_same_store_after_a_crash_and_in_a_copy()
    {
        var odd = $"{folder.Path}//notes.db";
        var used = new FileRecordStores(new LocalDisk(), NullLoggerFactory.Instance).Open(odd, new NoteCodec());
        await WriteAsync(used, "a", "first"); // not disposed of: it stands in the journal alone

        await using var looking = new FileRecordStores(new CopiedDisk(new LocalDisk()), NullLoggerFactory.Instance).Open(odd, new NoteCodec());

        Assert.Single(await looking.ReadAllAsync(Stopping));
        await used.DisposeAsync();
    }

    [Fact]
    public async Task A_store_that_is_folded_again_and_again_is_read_as_it_was_at_one_moment()
    {
        await using var used = new FileRecordStores(new LocalDisk(), NullLoggerFactory.Instance, foldAfter: 200).Open(folder.File("notes.db"), new NoteCodec());
        await WriteAsync(used, "always", "there");
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            var revision = Revision.None;
            for (var i = 0; !enough.IsCancellationRequested; i++)
                revision = await used.WriteAsync(new RecordWrite<Note>("busy", revision, new Note("busy", i)), Stopping);
        }, Stopping);

        try
        {
            for (var i = 0; i < 50; i++)
            {
                await using var looking = Open(new CopiedDisk(new LocalDisk()));
                Assert.Contains("always", (await looking.ReadAllAsync(Stopping)).Keys);
            }
        }
        catch (StoreException tooBusy) when (tooBusy.Message.Contains("again and again", StringComparison.Ordinal))
        {
            // Said, and not guessed.
        }
        await enough.CancelAsync();
        await writing;
    }

    private IRecordStore<Note> Open(IDisk disk) => new FileRecordStores(disk, NullLoggerFactory.Instance).Open(folder.File("notes.db"), new NoteCodec());

    private static Task<Revision> WriteAsync(IRecordStore<Note> store, string key, string text) =>
        store.WriteAsync(new RecordWrite<Note>(key, Revision.None, new Note(text, 0)), Stopping);

    private string Files() => string.Join('\n', Directory.EnumerateFiles(folder.Path).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        .Select(file => $"{Path.GetFileName(file)}: {Encoding.UTF8.GetString(File.ReadAllBytes(file))}"));
}
