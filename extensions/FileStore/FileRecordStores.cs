using Interlook.Storage;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.FileStore;

/// <summary>Durable records in files: for each name a JSON document of that path, and a journal beside it.</summary>
/// <param name="disk">Where the files are.</param>
/// <param name="loggers">Makes loggers.</param>
/// <param name="foldAfter">The least length of a journal, in bytes, at which it is folded into the document.</param>
public sealed class FileRecordStores(IDisk disk, ILoggerFactory loggers, long foldAfter = FileRecordStores.UsualFoldAfter) : IRecordStores
{
    /// <summary>16 MiB: read back in a fraction of a second.</summary>
    public const long UsualFoldAfter = 16 * 1024 * 1024;

    /// <inheritdoc/>
    public IRecordStore<T> Open<T>(string name, IRecordCodec<T> codec)
        where T : class =>
        new FileRecordStore<T>(disk, name, codec, foldAfter, loggers.CreateLogger("Interlook.Extensions.FileStore"));
}
