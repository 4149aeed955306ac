namespace Interlook.Extensions.BigIp.Wire;

/// <summary>A virtual server.</summary>
internal sealed record WireVirtual
{
    public string? Name { get; init; }

    public string? Partition { get; init; }

    /// <summary>The folder within the partition; null for what lies in the partition itself.</summary>
    public string? SubPath { get; init; }

    public string? Description { get; init; }

    /// <summary><c>/P/10.0.0.5:443</c>, for an IPv6 address <c>/P/2001:db8::5.443</c>.</summary>
    public string? Destination { get; init; }

    /// <summary>The mask of the destination: all bits, in its family.</summary>
    public string? Mask { get; init; }

    /// <summary>Who may come: everybody, in the family and the route domain of the destination.</summary>
    public string? Source { get; init; }

    public string? IpProtocol { get; init; }

    public string? Pool { get; init; }

    public WireTranslation? SourceAddressTranslation { get; init; }

    /// <summary>Written: the profiles, by full path.</summary>
    public List<WireName>? Profiles { get; init; }

    /// <summary>Read: the profiles, where the reading expanded them.</summary>
    public WireCollection<WireName>? ProfilesReference { get; init; }

    /// <summary>True, or absent while <see cref="Disabled"/> is true.</summary>
    public bool? Enabled { get; init; }

    public bool? Disabled { get; init; }
}

/// <summary>Which address the targets see.</summary>
/// <param name="Type"><c>automap</c>: one of the appliance's own.</param>
internal sealed record WireTranslation(string? Type);

/// <summary>A reference by name.</summary>
internal sealed record WireName
{
    public string? Name { get; init; }

    /// <summary>Read: with its folder.</summary>
    public string? FullPath { get; init; }
}
