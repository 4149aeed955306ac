namespace Interlook.Simulators.GestioIP;

/// <summary>A row of the table of networks.</summary>
/// <param name="Id">Its number.</param>
/// <param name="ClientId">Whose it is.</param>
/// <param name="Span">Its addresses.</param>
/// <param name="IsRoot">A root network only holds others and never allocates.</param>
public sealed record NetworkRow(int Id, int ClientId, AddressSpan Span, bool IsRoot)
{
    /// <summary>The description.</summary>
    public string Description { get; init; } = "";

    /// <summary>The site's name.</summary>
    public string Site { get; init; } = "";

    /// <summary>The category's name.</summary>
    public string Category { get; init; } = "";

    /// <summary>Free text.</summary>
    public string Comment { get; init; } = "";

    /// <summary><c>y</c> or <c>n</c>.</summary>
    public string Sync { get; init; } = "n";
}
