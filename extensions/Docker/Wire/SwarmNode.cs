namespace Interlook.Extensions.Docker.Wire;

/// <summary>One item of <c>GET /nodes</c>.</summary>
internal sealed record SwarmNode
{
    public string ID { get; init; } = "";

    public SwarmNodeSpecification? Spec { get; init; }

    public SwarmNodeDescription? Description { get; init; }

    public SwarmNodeStatus? Status { get; init; }

    public SwarmManagerStatus? ManagerStatus { get; init; }
}

/// <summary>What operators set on a node.</summary>
internal sealed record SwarmNodeSpecification
{
    public Dictionary<string, string>? Labels { get; init; }
}

/// <summary>What the node says of itself.</summary>
internal sealed record SwarmNodeDescription
{
    public string? Hostname { get; init; }
}

/// <summary>Whether the node answers, and the address the managers see it under.</summary>
internal sealed record SwarmNodeStatus
{
    public string? State { get; init; }

    public string? Addr { get; init; }
}

/// <summary>Present on managers only.</summary>
internal sealed record SwarmManagerStatus
{
    /// <summary>Host and port; IPv6 in brackets.</summary>
    public string? Addr { get; init; }
}
