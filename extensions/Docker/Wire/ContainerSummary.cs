namespace Interlook.Extensions.Docker.Wire;

/// <summary>One item of <c>GET /containers/json</c>.</summary>
internal sealed record ContainerSummary
{
    public string Id { get; init; } = "";

    public string[]? Names { get; init; }

    public Dictionary<string, string>? Labels { get; init; }

    public string? State { get; init; }

    /// <summary>A text for people; the only place where a listing says the health: <c>Up 5 seconds (healthy)</c>.</summary>
    public string? Status { get; init; }

    public PortSummary[]? Ports { get; init; }

    public HostConfiguration? HostConfig { get; init; }

    public NetworkSettings? NetworkSettings { get; init; }
}

/// <summary>A port of a listing.</summary>
internal sealed record PortSummary
{
    public string? IP { get; init; }

    public int PrivatePort { get; init; }

    public int PublicPort { get; init; }

    public string? Type { get; init; }
}
