namespace Interlook.Extensions.Etcd.Wire;

/// <summary>Asks for one key, or with <see cref="RangeEnd"/> for all keys up to that.</summary>
internal sealed record WireRange
{
    public required byte[] Key { get; init; }

    public byte[]? RangeEnd { get; init; }

    public long? Limit { get; init; }

    public long? Revision { get; init; }

    public bool? KeysOnly { get; init; }
}

/// <summary>What every answer begins with.</summary>
internal sealed record WireHeader
{
    public ulong ClusterId { get; init; }

    public long Revision { get; init; }
}

/// <summary>A key as etcd holds it.</summary>
internal sealed record WireKeyValue
{
    public byte[] Key { get => field ?? []; init; }

    public byte[] Value { get => field ?? []; init; }

    public long ModRevision { get; init; }

    public long Lease { get; init; }
}

/// <summary>The keys of a range.</summary>
internal sealed record WireRangeAnswer
{
    public WireHeader Header { get => field ?? new(); init; }

    public List<WireKeyValue> Kvs { get => field ?? []; init; }

    public bool More { get; init; }
}
