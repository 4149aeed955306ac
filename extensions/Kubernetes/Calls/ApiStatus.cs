using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>What an API server says of a request that failed (kind Status of meta/v1).</summary>
internal sealed record ApiStatus
{
    /// <summary>The version that a watch or a page begins at is forgotten.</summary>
    internal const int Gone = 410;

    public string? Message { get; init; }

    /// <summary>One word: <c>NotFound</c>, <c>Expired</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>The HTTP status.</summary>
    public int Code { get; init; }

    public ApiStatusDetails? Details { get; init; }

    /// <summary>Reads an answer.</summary>
    /// <returns>Null when it is no Status: something else than an API server spoke.</returns>
    internal static ApiStatus? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var status = JsonSerializer.Deserialize(json, ApiStatusJson.Default.ApiStatus);
            return status is { Message: not null } or { Reason: not null } ? status : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>More about it.</summary>
internal sealed record ApiStatusDetails
{
    public int? RetryAfterSeconds { get; init; }
}

/// <summary>Reads Status objects.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ApiStatus))]
internal sealed partial class ApiStatusJson : JsonSerializerContext;
