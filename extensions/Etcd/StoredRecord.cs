namespace Interlook.Extensions.Etcd;

/// <summary>A key and its value as etcd holds them.</summary>
/// <param name="Key">The etcd key.</param>
/// <param name="Value">What stands there; ours is JSON.</param>
/// <param name="IsKept">False when it will go although we live: it hangs on a lease that we do not keep alive.</param>
internal sealed record StoredRecord(string Key, string Value, bool IsKept)
{
    /// <summary>Whose it is; null when it is not Interlook's.</summary>
    internal RecordMark? Mark { get; } = RecordMark.Read(Value);
}
