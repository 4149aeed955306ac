namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>One request to an API server, before it is known who makes it.</summary>
internal sealed record ApiRequest
{
    internal required HttpMethod Method { get; init; }

    /// <summary>From the first slash, with its query.</summary>
    internal required string Path { get; init; }

    /// <summary>The right it needs, as RBAC calls it: list, watch, patch.</summary>
    internal required string Verb { get; init; }

    /// <summary>On what it needs it: <c>services/status</c>.</summary>
    internal required string Resource { get; init; }

    /// <summary>What is done, in messages: <c>reading service default/web</c>.</summary>
    internal required string Doing { get; init; }

    /// <summary>What to send; null for nothing.</summary>
    internal ReadOnlyMemory<byte>? Body { get; init; }

    internal string ContentType { get; init; } = "application/json";

    /// <summary>True when the answer may come compressed: worth it for a list, and the price of a small answer.</summary>
    internal bool TakesGzip { get; init; }
}
