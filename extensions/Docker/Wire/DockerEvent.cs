namespace Interlook.Extensions.Docker.Wire;

/// <summary>One line of <c>GET /events</c>. The older fields status, id and from went away with API 1.52 and are not read.</summary>
internal sealed record DockerEvent
{
    public string? Type { get; init; }

    public string? Action { get; init; }

    public DockerActor? Actor { get; init; }
}

/// <summary>What the event happened to.</summary>
internal sealed record DockerActor
{
    public string? ID { get; init; }

    public Dictionary<string, string>? Attributes { get; init; }
}
