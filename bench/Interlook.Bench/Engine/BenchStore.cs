using Interlook.Entries;
using Interlook.Extensions.FileStore;
using Interlook.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interlook.Bench.Engine;

/// <summary>The file store as the host opens it.</summary>
internal static class BenchStore
{
    private static FileRecordStores Stores => new(new LocalDisk(), NullLoggerFactory.Instance);

    public static IRecordStore<Entry> Open(string path) =>
        Stores.Open(path, new EntryCodec(ScriptedProvider.Name, [], step => step));

    public static IRecordStore<EntryHistory> OpenHistories(string path) => Stores.Open($"{path}.history", new HistoryCodec());
}
