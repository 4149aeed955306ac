namespace Interlook.Extensions.TcpBalancer.Loop;

/// <summary>Where a relay stands.</summary>
internal enum RelayState
{
    /// <summary>Not in use.</summary>
    Free,

    /// <summary>It waits for a target to take its connection; nothing of the client was read.</summary>
    Connecting,

    /// <summary>Bytes go both ways.</summary>
    Open,
}
