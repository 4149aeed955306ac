namespace Interlook.Extensions.Docker.Wire;

/// <summary>The answer of <c>GET /info</c>, as far as it tells why a node cannot answer for a swarm.</summary>
internal sealed record EngineInspect
{
    public EngineSwarm? Swarm { get; init; }
}

/// <summary>The engine's part in a swarm.</summary>
internal sealed record EngineSwarm
{
    /// <summary><c>inactive</c>, <c>pending</c>, <c>active</c>, <c>error</c> or <c>locked</c>.</summary>
    public string? LocalNodeState { get; init; }

    /// <summary>True on a manager.</summary>
    public bool ControlAvailable { get; init; }
}
