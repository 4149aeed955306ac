using System.Collections.Immutable;
using System.Net;

namespace Interlook.Simulators.GestioIP;

/// <summary>A row of the table of hosts. Nothing forbids two rows of one address.</summary>
/// <param name="Id">Its number.</param>
/// <param name="ClientId">Whose it is.</param>
/// <param name="Address">Its address.</param>
public sealed record HostRow(int Id, int ClientId, IPAddress Address)
{
    /// <summary>Not unique.</summary>
    public string Hostname { get; init; } = "";

    /// <summary>The description.</summary>
    public string Description { get; init; } = "";

    /// <summary>The site's name.</summary>
    public string Site { get; init; } = "";

    /// <summary>The category's name.</summary>
    public string Category { get; init; } = "";

    /// <summary><c>y</c> or <c>n</c>.</summary>
    public string InternalAdmin { get; init; } = "n";

    /// <summary>Free text.</summary>
    public string Comment { get; init; } = "";

    /// <summary><c>man</c>, <c>dns</c>, <c>ocs</c>, or nothing.</summary>
    public string UpdateType { get; init; } = "";

    /// <summary>Values of the administrator's own columns.</summary>
    public ImmutableSortedDictionary<string, string> Custom { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
