namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>An Event (API group core, v1): what happened to an object, for people to read.</summary>
internal sealed record ClusterEvent : KubernetesObject
{
    internal const string Normal = "Normal";

    internal const string Warning = "Warning";

    public ObjectReference? InvolvedObject { get; init; }

    /// <summary>One word in Pascal case.</summary>
    public string? Reason { get; init; }

    public string? Message { get; init; }

    /// <summary>Normal or Warning.</summary>
    public string? Type { get; init; }

    public EventSource? Source { get; init; }

    /// <summary>How often it happened between the two times.</summary>
    public int? Count { get; init; }

    public DateTimeOffset? FirstTimestamp { get; init; }

    public DateTimeOffset? LastTimestamp { get; init; }

    /// <summary>Who says so, <c>interlook.io/lb</c>.</summary>
    public string? ReportingComponent { get; init; }

    /// <summary>Which of several.</summary>
    public string? ReportingInstance { get; init; }
}

/// <summary>Who says an event.</summary>
internal sealed record EventSource
{
    public string? Component { get; init; }
}

/// <summary>What an event is about.</summary>
internal sealed record ObjectReference
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public string? Namespace { get; init; }

    public string? Name { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }
}
