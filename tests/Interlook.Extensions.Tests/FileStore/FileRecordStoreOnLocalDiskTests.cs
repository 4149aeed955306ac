using Interlook.Extensions.FileStore;
using Interlook.Fixtures;
using Interlook.Specification;
using Interlook.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interlook.Extensions.Tests.FileStore;

/// <summary>The store's kit on this machine's disk.</summary>
public sealed class FileRecordStoreOnLocalDiskTests : RecordStoreSpecification, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private int moves;

    private string Current => Path.Combine(folder.Path, $"life {moves}", "made on the way", "notes.db");

    protected override IRecordStore<Note> Open() =>
        new FileRecordStores(new LocalDisk(), NullLoggerFactory.Instance).Open(Current, new NoteCodec());

    // The files as they are at this moment are what a killed process leaves; the old store goes on in its own folder.
    protected override Task CrashAsync(IRecordStore<Note> store)
    {
        var before = Path.GetDirectoryName(Current)!;
        moves++;
        Directory.CreateDirectory(Path.GetDirectoryName(Current)!);
        foreach (var file in Directory.GetFiles(before).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(Path.GetDirectoryName(Current)!, Path.GetFileName(file)));
        return Task.CompletedTask;
    }

    public void Dispose() => folder.Dispose();
}
