namespace Interlook.EndToEnd.Tests.Kubernetes;

/// <summary>A kind of trouble between Interlook and an API server.</summary>
public enum ApiTrouble
{
    /// <summary>Watches end in the middle of a line.</summary>
    CutWatches,

    /// <summary>Watches end as their time is over.</summary>
    EndedWatches,

    /// <summary>A watch that is opened again is refused: its version is forgotten.</summary>
    ExpiredAnswers,

    /// <summary>Open watches are told that their version is forgotten.</summary>
    ExpiredEvents,

    /// <summary>Nothing is answered but 429, with a time to wait.</summary>
    Throttling,

    /// <summary>Nothing is answered but 500.</summary>
    Storm,

    /// <summary>Something in between answers in the server's place with a page for people.</summary>
    Gateway,

    /// <summary>The same, as if it were a success.</summary>
    FriendlyGateway,

    /// <summary>Half of a list comes.</summary>
    HalfLists,

    /// <summary>Lists come late.</summary>
    SlowLists,

    /// <summary>What is written is done, and not answered.</summary>
    DroppedReceipts,

    /// <summary>The server stands still with its connections open.</summary>
    StandingServer,

    /// <summary>The server is killed and starts again.</summary>
    KilledServer,
}
