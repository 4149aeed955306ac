using System.Text.Json.Serialization;

namespace Interlook.Extensions.Consul.Wire;

/// <summary>
/// The body of <c>PUT /v1/catalog/deregister</c>. The service is required here: without one Consul removes the node with everything on it.
/// </summary>
internal sealed record WireDeregistration
{
    public string? Datacenter { get; init; }

    public required string Node { get; init; }

    [JsonPropertyName("ServiceID")]
    public required string ServiceId { get; init; }
}
