namespace Interlook.Storage;

/// <summary>A write followed a revision that the record no longer has: somebody else wrote meanwhile.</summary>
/// <param name="key">The record.</param>
/// <param name="expected">What the writer knew.</param>
/// <param name="actual">What the store has.</param>
public sealed class StaleRevisionException(string key, Revision expected, Revision actual)
    : StoreException($"record '{key}' is at revision {actual.Value}, not at {expected.Value}: read it again before writing")
{
    /// <summary>The record's revision in the store.</summary>
    public Revision Actual => actual;
}
