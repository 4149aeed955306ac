namespace Interlook.Extensions.BigIp.Wire;

/// <summary>A transaction, begun or to be committed.</summary>
internal sealed record WireTransaction
{
    public long? TransId { get; init; }

    public string? State { get; init; }

    public bool? ValidateOnly { get; init; }
}
