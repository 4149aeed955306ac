namespace Interlook.Extensions.BigIp.Wire;

/// <summary>A pool.</summary>
internal sealed record WirePool
{
    public string? Name { get; init; }

    public string? Partition { get; init; }

    /// <summary>The folder within the partition; null for what lies in the partition itself.</summary>
    public string? SubPath { get; init; }

    public string? Description { get; init; }

    /// <summary>Monitors; an answer may have a space behind them.</summary>
    public string? Monitor { get; init; }

    public string? LoadBalancingMode { get; init; }

    /// <summary>Written: the whole list of members, which replaces the one there.</summary>
    public List<WireMember>? Members { get; init; }

    /// <summary>Read: the members, where the reading expanded them.</summary>
    public WireCollection<WireMember>? MembersReference { get; init; }
}
