using Interlook.Extensions;

namespace Interlook.Entries;

/// <summary>
/// One thing that happened to an entry. Kept small, because a running Interlook holds many for each of its services: times are kept to the
/// millisecond, the time of a repetition to the second.
/// </summary>
public readonly record struct Transition
{
    /// <summary>Who did it when it was no extension: the engine itself.</summary>
    public const string Core = "core";

    /// <summary>A longer message is cut here.</summary>
    public const int LongestMessage = 500;

    private readonly long time;
    private readonly object? by; // the name; of what has details, those, which know it too
    private readonly int duration;
    private readonly byte reason;

    /// <summary>A transition that happened once.</summary>
    /// <param name="time">When.</param>
    /// <param name="by">The extension that did it, or <see cref="Core"/>.</param>
    /// <param name="kind">What.</param>
    public Transition(DateTimeOffset time, string by, TransitionKind kind)
    {
        this.time = time.ToUnixTimeMilliseconds();
        By = by;
        Kind = kind;
        duration = -1;
    }

    private Details? Rest => by as Details;

    private Details Changed
    {
        get => Rest ?? new Details((string)by!, null, Count: 1, LastAfter: 0);
        init => by = value is { Message: null, Count: 1, LastAfter: 0 } ? value.By : value;
    }

    /// <summary>The extension that did it, <c>lb.haproxy</c>, or <see cref="Core"/>.</summary>
    public string By
    {
        get => Rest?.By ?? (string)by!;
        init => by = Rest is { } rest ? rest with { By = value } : value;
    }

    /// <summary>What failed or differed, in words; null when there is nothing to say, or no longer kept.</summary>
    public string? Message
    {
        get => Rest?.Message;
        init => Changed = Changed with { Message = value is { Length: > LongestMessage } ? $"{value.AsSpan(0, LongestMessage - 1)}…" : value };
    }

    /// <summary>What happened.</summary>
    public TransitionKind Kind { get; init; }

    /// <summary>How often in a row; more than 1 only for what failed.</summary>
    public int Count
    {
        get => Rest?.Count ?? 1;
        init => Changed = Changed with { Count = value };
    }

    /// <summary>When it happened; for a call: when it ended. The first time, when it happened often.</summary>
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(time);

    /// <summary>When it happened last.</summary>
    public DateTimeOffset LastTime
    {
        get => Time.AddSeconds(Rest?.LastAfter ?? 0);
        init => Changed = Changed with { LastAfter = (int)Math.Clamp((value - Time).TotalSeconds, 0, int.MaxValue) };
    }

    /// <summary>How long the call took, the last one when there were several; null when it was no call.</summary>
    public TimeSpan? Duration
    {
        get => duration < 0 ? null : TimeSpan.FromMilliseconds(duration);
        init => duration = value is { } took ? (int)Math.Clamp(took.TotalMilliseconds, 0, int.MaxValue) : -1;
    }

    /// <summary>Why it failed; null when it did not.</summary>
    public Reason? Reason
    {
        get => reason == 0 ? null : (Reason)(reason - 1);
        init => reason = value is { } known ? (byte)((int)known + 1) : (byte)0;
    }

    /// <summary>What only a failure or a drift has, and who.</summary>
    private sealed record Details(string By, string? Message, int Count, int LastAfter);
}
