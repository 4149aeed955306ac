namespace Interlook.Storage;

/// <summary>A record as the store holds it.</summary>
public readonly record struct StoredRecord<T>(Revision Revision, T Value)
    where T : class;
