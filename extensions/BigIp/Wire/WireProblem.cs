namespace Interlook.Extensions.BigIp.Wire;

/// <summary>What a refusal says.</summary>
internal sealed record WireProblem
{
    /// <summary>The number before its first colon is stable, the text less so.</summary>
    public string? Message { get; init; }

    public long? ApiError { get; init; }
}
