namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>An Event about an object (API group core, v1): what <c>kubectl describe</c> shows beneath it.</summary>
internal sealed record Event : KubernetesObject
{
    internal const string Normal = "Normal";

    internal const string Warning = "Warning";

    public string ApiVersion { get => field ?? "v1"; init; }

    public string Kind { get => field ?? "Event"; init; }

    public required ObjectReference InvolvedObject { get; init; }

    /// <summary>One word in Pascal case.</summary>
    public string? Reason { get; init; }

    public string? Message { get; init; }

    /// <summary>Normal or Warning.</summary>
    public string? Type { get; init; }

    public EventSource? Source { get; init; }

    public DateTimeOffset? FirstTimestamp { get; init; }

    public DateTimeOffset? LastTimestamp { get; init; }

    public int? Count { get; init; }
}

/// <summary>Which object is meant.</summary>
internal sealed record ObjectReference
{
    public required string ApiVersion { get; init; }

    public required string Kind { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public string? Uid { get; init; }
}

/// <summary>Who says it.</summary>
internal sealed record EventSource
{
    public required string Component { get; init; }
}
