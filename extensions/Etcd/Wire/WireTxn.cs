namespace Interlook.Extensions.Etcd.Wire;

/// <summary>A transaction: when all compares hold the one list is done, else the other.</summary>
internal sealed record WireTxn
{
    public required List<WireCompare> Compare { get; init; }

    public required List<WireOperation> Success { get; init; }

    public required List<WireOperation> Failure { get; init; }
}

/// <summary>Holds when the key was last changed at a revision; 0 when there is no such key.</summary>
internal sealed record WireCompare
{
    public required byte[] Key { get; init; }

    public string Target { get => field ?? "MOD"; init; }

    public string Result { get => field ?? "EQUAL"; init; }

    public required long ModRevision { get; init; }
}

/// <summary>One of its members is set.</summary>
internal sealed record WireOperation
{
    public WirePut? RequestPut { get; init; }

    public WireRange? RequestRange { get; init; }

    /// <summary>Always one key: a range is never deleted.</summary>
    public WireDelete? RequestDeleteRange { get; init; }
}

/// <summary>Writes a key.</summary>
internal sealed record WirePut
{
    public required byte[] Key { get; init; }

    public required byte[] Value { get; init; }

    public required long Lease { get; init; }
}

/// <summary>Removes a key.</summary>
internal sealed record WireDelete
{
    public required byte[] Key { get; init; }
}

/// <summary>How a transaction ended.</summary>
internal sealed record WireTxnAnswer
{
    public WireHeader Header { get => field ?? new(); init; }

    public bool Succeeded { get; init; }

    public List<WireOperationAnswer> Responses { get => field ?? []; init; }
}

/// <summary>The answer to one operation; only ranges matter here.</summary>
internal sealed record WireOperationAnswer
{
    public WireRangeAnswer? ResponseRange { get; init; }
}
