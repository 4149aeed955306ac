using System.Text.Json;

namespace Interlook.Extensions.Docker.Wire;

/// <summary>One item of <c>GET /services</c>.</summary>
internal sealed record SwarmService
{
    public string ID { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public SwarmServiceSpecification? Spec { get; init; }

    public SwarmEndpoint? Endpoint { get; init; }

    public SwarmUpdateStatus? UpdateStatus { get; init; }
}

/// <summary>What the service's owner asked for.</summary>
internal sealed record SwarmServiceSpecification
{
    public string? Name { get; init; }

    public Dictionary<string, string>? Labels { get; init; }

    public SwarmTaskTemplate? TaskTemplate { get; init; }

    public SwarmMode? Mode { get; init; }

    public SwarmEndpointSpecification? EndpointSpec { get; init; }
}

/// <summary>What each task runs.</summary>
internal sealed record SwarmTaskTemplate
{
    public SwarmContainerSpecification? ContainerSpec { get; init; }
}

/// <summary>The container of a task; its labels are often mistaken for the service's.</summary>
internal sealed record SwarmContainerSpecification
{
    public Dictionary<string, string>? Labels { get; init; }
}

/// <summary>Exactly one of these is set.</summary>
internal sealed record SwarmMode
{
    public SwarmReplicated? Replicated { get; init; }

    public JsonElement? Global { get; init; }

    public JsonElement? ReplicatedJob { get; init; }

    public JsonElement? GlobalJob { get; init; }
}

/// <summary>A service with a number of tasks.</summary>
internal sealed record SwarmReplicated
{
    public int Replicas { get; init; } = 1;
}

/// <summary>How the service was asked to be reached.</summary>
internal sealed record SwarmEndpointSpecification
{
    /// <summary><c>vip</c> or <c>dnsrr</c>.</summary>
    public string? Mode { get; init; }

    public SwarmPort[]? Ports { get; init; }
}

/// <summary>How the service is reached.</summary>
internal sealed record SwarmEndpoint
{
    public SwarmPort[]? Ports { get; init; }
}

/// <summary>A published port of a service or a task.</summary>
internal sealed record SwarmPort
{
    public string? Protocol { get; init; }

    public int TargetPort { get; init; }

    public int PublishedPort { get; init; }

    /// <summary><c>ingress</c> or <c>host</c>.</summary>
    public string? PublishMode { get; init; }
}

/// <summary>How far an update of the service has come.</summary>
internal sealed record SwarmUpdateStatus
{
    public string? State { get; init; }
}
