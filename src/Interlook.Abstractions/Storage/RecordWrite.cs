namespace Interlook.Storage;

/// <summary>One write of one record.</summary>
/// <param name="Key">The record's key; any text without line breaks.</param>
/// <param name="Expected">The revision this write follows; <see cref="Revision.None"/> creates.</param>
/// <param name="Value">The new content; null deletes.</param>
public readonly record struct RecordWrite<T>(string Key, Revision Expected, T? Value)
    where T : class;
