namespace Interlook.Extensions.Docker.Wire;

/// <summary>One item of <c>GET /tasks</c>.</summary>
internal sealed record SwarmTask
{
    public string ID { get; init; } = "";

    public string? ServiceID { get; init; }

    public string? NodeID { get; init; }

    public string? DesiredState { get; init; }

    public SwarmTaskStatus? Status { get; init; }
}

/// <summary>What the task's node last said of it.</summary>
internal sealed record SwarmTaskStatus
{
    public string? State { get; init; }

    public SwarmPortStatus? PortStatus { get; init; }
}

/// <summary>The host-mode ports of a task; Engine 20.10 lists each one twice, for IPv4 and IPv6.</summary>
internal sealed record SwarmPortStatus
{
    public SwarmPort[]? Ports { get; init; }
}
