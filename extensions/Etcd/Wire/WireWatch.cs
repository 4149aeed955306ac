namespace Interlook.Extensions.Etcd.Wire;

/// <summary>Asks for a stream.</summary>
internal sealed record WireWatch
{
    public required WireWatchCreate CreateRequest { get; init; }
}

/// <summary>Asks for every change of the keys of a range, from a revision on.</summary>
internal sealed record WireWatchCreate
{
    public required byte[] Key { get; init; }

    public byte[]? RangeEnd { get; init; }

    public long StartRevision { get; init; }
}

/// <summary>One message of a stream; the gateway wraps them.</summary>
internal sealed record WireWatchAnswer
{
    public WireWatchMessage? Result { get; init; }

    /// <summary>The stream ends with this.</summary>
    public WireProblem? Error { get; init; }
}

/// <summary>That the watch stands, that it ended, or changes in the order of their revisions.</summary>
internal sealed record WireWatchMessage
{
    public WireHeader Header { get => field ?? new(); init; }

    public bool Created { get; init; }

    public bool Canceled { get; init; }

    /// <summary>Not 0 when the first revision asked for is no longer kept: the oldest that is.</summary>
    public long CompactRevision { get; init; }

    public string? CancelReason { get; init; }

    public List<WireEvent> Events { get => field ?? []; init; }
}

/// <summary>A key was written, or with the type DELETE removed; then its revision is that of the removal.</summary>
internal sealed record WireEvent
{
    public string? Type { get; init; }

    public WireKeyValue Kv { get => field ?? new(); init; }

    internal bool IsRemoval => Type == "DELETE";
}
