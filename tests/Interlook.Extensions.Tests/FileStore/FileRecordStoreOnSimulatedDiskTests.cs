using Interlook.Extensions.FileStore;
using Interlook.Specification;
using Interlook.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interlook.Extensions.Tests.FileStore;

/// <summary>The store's kit on a disk that tears what it may tear, with folds all the time.</summary>
public sealed class FileRecordStoreOnSimulatedDiskTests : RecordStoreSpecification
{
    private readonly SimulatedDisk disk = new(new Random(7));

    protected override IRecordStore<Note> Open() =>
        new FileRecordStores(disk.Mount(), NullLoggerFactory.Instance, foldAfter: 500).Open("notes.db", new NoteCodec());

    protected override Task CrashAsync(IRecordStore<Note> store)
    {
        disk.Crash();
        return Task.CompletedTask;
    }
}
