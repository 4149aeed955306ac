using System.Text.Json;

namespace Interlook.Extensions.Docker.Wire;

/// <summary>The answer of <c>GET /containers/{id}/json</c>, as far as publication needs it.</summary>
internal sealed record ContainerInspect
{
    public string Id { get; init; } = "";

    public DateTimeOffset Created { get; init; }

    /// <summary>With a leading slash.</summary>
    public string? Name { get; init; }

    public ContainerState? State { get; init; }

    public HostConfiguration? HostConfig { get; init; }

    public ContainerConfiguration? Config { get; init; }

    public NetworkSettings? NetworkSettings { get; init; }
}

/// <summary>What a container does. A paused or restarting one says <c>Running</c> too: only <c>Status</c> tells.</summary>
internal sealed record ContainerState
{
    public string? Status { get; init; }

    public ContainerHealth? Health { get; init; }
}

/// <summary>What the container's health check says: none, starting, healthy or unhealthy.</summary>
internal sealed record ContainerHealth
{
    public string? Status { get; init; }
}

/// <summary>How the container is attached to its host.</summary>
internal sealed record HostConfiguration
{
    /// <summary><c>default</c>, <c>bridge</c>, <c>host</c>, <c>none</c>, <c>container:ID</c>, or a network's name or id.</summary>
    public string? NetworkMode { get; init; }
}

/// <summary>What the container was created with.</summary>
internal sealed record ContainerConfiguration
{
    public Dictionary<string, string>? Labels { get; init; }

    /// <summary>Items <c>NAME=value</c>: the image's and those of the command line.</summary>
    public string[]? Env { get; init; }

    /// <summary>Keys such as <c>80/tcp</c>; the values are empty objects.</summary>
    public Dictionary<string, JsonElement>? ExposedPorts { get; init; }

    /// <summary>The signal that <c>docker stop</c> sends; absent means SIGTERM.</summary>
    public string? StopSignal { get; init; }

    /// <summary>How many seconds <c>docker stop</c> waits before it kills; absent means 10.</summary>
    public int? StopTimeout { get; init; }
}

/// <summary>Ports and networks that the container really has.</summary>
internal sealed record NetworkSettings
{
    /// <summary>By <c>80/tcp</c>; null for a port that is exposed and not published.</summary>
    public Dictionary<string, PortBinding[]?>? Ports { get; init; }

    public Dictionary<string, NetworkAttachment?>? Networks { get; init; }
}

/// <summary>A published port.</summary>
internal sealed record PortBinding
{
    public string? HostIp { get; init; }

    public string? HostPort { get; init; }
}

/// <summary>The container's place in one network.</summary>
internal sealed record NetworkAttachment
{
    public string? NetworkID { get; init; }

    public string? IPAddress { get; init; }

    public string? GlobalIPv6Address { get; init; }
}
