namespace Interlook.Storage;

/// <summary>Opens durable record stores. The host decides what stands behind them.</summary>
public interface IRecordStores
{
    /// <summary>Opens the store of that name; each name is opened once per process.</summary>
    /// <param name="name">Where the records are: for the file store the document's path.</param>
    /// <param name="codec">How they look.</param>
    IRecordStore<T> Open<T>(string name, IRecordCodec<T> codec)
        where T : class;
}
