namespace Interlook.Extensions.Etcd.Wire;

/// <summary>What etcd v2 answers: a node, or an error code.</summary>
internal sealed record WireNodeAnswer
{
    internal const int KeyNotFound = 100;

    internal const int CompareFailed = 101;

    internal const int NotAFile = 102;

    internal const int NotADirectory = 104;

    internal const int KeyExists = 105;

    internal const int NeedsAuthentication = 110;

    public int ErrorCode { get; init; }

    public string? Message { get; init; }

    public string? Cause { get; init; }

    public WireNode? Node { get; init; }
}

/// <summary>A key of etcd v2: a file with a value, or a directory.</summary>
internal sealed record WireNode
{
    public string Key { get => field ?? "/"; init; }

    public string? Value { get; init; }

    public bool Dir { get; init; }

    public List<WireNode>? Nodes { get; init; }

    public long ModifiedIndex { get; init; }

    public long? Ttl { get; init; }
}
