namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>One thing that is so or not so of an object (Kubernetes API conventions, section "Typical status properties").</summary>
internal readonly record struct Condition
{
    internal const string True = "True";

    internal const string False = "False";

    internal const string Unknown = "Unknown";

    private readonly long transition; // in ticks of UTC; 0 is none

    public string Type { get => field ?? ""; init; }

    /// <summary>True, False or Unknown.</summary>
    public string Status { get => field ?? ""; init; }

    /// <summary>One word in Pascal case.</summary>
    public string? Reason { get; init; }

    /// <summary>What it says to people. It is compared with ours, and longer than the rest of the condition.</summary>
    public TextDigest Message { get; init; }

    /// <summary>When the status last changed.</summary>
    public DateTimeOffset? LastTransitionTime
    {
        get => transition == 0 ? null : new DateTimeOffset(transition, TimeSpan.Zero);
        init => transition = value?.UtcTicks ?? 0;
    }
}
