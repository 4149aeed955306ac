namespace Interlook.Storage;

/// <summary>The store's version of one record, for compare-and-set. <see cref="None"/> means: no such record.</summary>
/// <param name="Value">Grows with each write of the record; 0 before the first.</param>
public readonly record struct Revision(long Value)
{
    /// <summary>The record does not exist.</summary>
    public static Revision None => default;
}
