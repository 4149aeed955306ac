namespace Interlook.Extensions.BigIp.Wire;

/// <summary>A partition.</summary>
internal sealed record WirePartition
{
    public string? Name { get; init; }

    /// <summary>Where addresses are that name no route domain.</summary>
    public int? DefaultRouteDomain { get; init; }
}
