namespace Interlook.Extensions.Consul.Wire;

/// <summary>A node as the catalog gives it.</summary>
internal sealed record WireNode
{
    public string Node { get; init; } = "";

    public string? Address { get; init; }

    public Dictionary<string, string>? TaggedAddresses { get; init; }

    public Dictionary<string, string>? Meta { get; init; }
}
