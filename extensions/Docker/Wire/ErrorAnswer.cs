using System.Text.Json.Serialization;

namespace Interlook.Extensions.Docker.Wire;

/// <summary>What the daemon answers beside a status of 400 and more.</summary>
internal sealed record ErrorAnswer
{
    [JsonPropertyName("message")]
    public string? Message { get; init; }
}
