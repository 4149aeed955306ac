namespace Interlook.Extensions.ExternalIp.Claims;

/// <summary>One thing that is so or not so of a claim, in the shape of Kubernetes' conditions.</summary>
internal sealed record ClaimCondition
{
    /// <summary>False while somebody else on the link answers for the address.</summary>
    internal const string Announced = "Announced";

    public string Type { get => field ?? ""; init; }

    /// <summary>True, False or Unknown.</summary>
    public string Status { get => field ?? ""; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public DateTimeOffset? LastTransitionTime { get; init; }
}
