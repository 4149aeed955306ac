namespace Interlook.Extensions.TcpBalancer.Loop;

/// <summary>How far a flow came.</summary>
internal enum FlowResult
{
    /// <summary>As far as it can until something happens to one of its sockets.</summary>
    Waits,

    /// <summary>It can go on at once, after the others had their turn.</summary>
    Goes,

    /// <summary>One of its sockets was reset.</summary>
    Broken,
}
