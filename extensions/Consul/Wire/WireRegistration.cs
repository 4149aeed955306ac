namespace Interlook.Extensions.Consul.Wire;

/// <summary>The body of <c>PUT /v1/catalog/register</c>: node, service and check in one transaction.</summary>
internal sealed record WireRegistration
{
    public string? Datacenter { get; init; }

    public required string Node { get; init; }

    public required string Address { get; init; }

    public required Dictionary<string, string> NodeMeta { get; init; }

    public required WireService Service { get; init; }

    public required WireCheck Check { get; init; }
}
