using Interlook.Storage;

namespace Interlook.Extensions.FileStore;

/// <summary>One request to the commit: a write with its line made ready, or the request to close.</summary>
internal sealed record JournalWrite<T>(RecordWrite<T> Write, RecordBuffer? Line)
    where T : class
{
    /// <summary>True for the last request of a store.</summary>
    internal bool Closes => Line is null;
}
