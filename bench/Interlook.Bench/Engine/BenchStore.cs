using Interlook.Entries;
using Interlook.Extensions.FileStore;
using Interlook.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interlook.Bench.Engine;

/// <summary>The file store as the host opens it.</summary>
internal static class BenchStore
{
    public static IRecordStore<Entry> Open(string path) =>
        new FileRecordStores(new LocalDisk(), NullLoggerFactory.Instance).Open(path, new EntryCodec(ScriptedProvider.Name, [], step => step));
}
