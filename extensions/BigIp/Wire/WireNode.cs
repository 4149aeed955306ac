namespace Interlook.Extensions.BigIp.Wire;

/// <summary>A node: an address, which has no other.</summary>
internal sealed record WireNode
{
    public string? Name { get; init; }

    public string? Partition { get; init; }

    public string? Address { get; init; }

    public string? Description { get; init; }
}
