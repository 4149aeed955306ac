using System.Text.Json.Serialization;

namespace Interlook.Extensions.Consul.Wire;

/// <summary>A check, as it is written to the catalog and as health answers give it.</summary>
internal sealed record WireCheck
{
    internal const string Passing = "passing";

    internal const string Warning = "warning";

    internal const string Critical = "critical";

    public string Node { get; init; } = "";

    [JsonPropertyName("CheckID")]
    public string CheckId { get; init; } = "";

    [JsonPropertyName("ServiceID")]
    public string ServiceId { get; init; } = "";

    public string Name { get; init; } = "";

    public string Status { get; init; } = "";

    public string Output { get; init; } = "";
}
