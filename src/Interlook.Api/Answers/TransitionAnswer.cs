using Interlook.Entries;

namespace Interlook.Api.Answers;

/// <summary>One thing that happened to an entry.</summary>
/// <param name="Time">When; for a call that ended: when it ended. The first time, when it failed several times in a row.</param>
/// <param name="Step">Who: the provider, a step, or <c>core</c> for Interlook itself.</param>
/// <param name="Action">
/// <c>detected</c>, <c>updated</c>, <c>withdrawn</c> (a provider); <c>deploying</c>, <c>deployed</c>, <c>undeploying</c>, <c>undeployed</c>,
/// <c>failed</c>, <c>drifted</c> (a step); <c>deployed</c>, <c>undeployed</c> (core: all steps are).
/// </param>
internal sealed record TransitionAnswer(DateTime Time, string Step, string Action)
{
    /// <summary>How long the call took, the last one when there were several; absent for what was no call.</summary>
    public long? DurationMs { get; init; }

    /// <summary>The reason of a failure, a word of a closed set.</summary>
    public string? Reason { get; init; }

    /// <summary>What failed or differed, in words; older ones are not kept.</summary>
    public string? Error { get; init; }

    /// <summary>How often in a row it failed so; absent when once.</summary>
    public int? Attempts { get; init; }

    /// <summary>When it failed last; absent when once.</summary>
    public DateTime? LastTime { get; init; }

    public static TransitionAnswer Of(Transition transition) => new(transition.Time.UtcDateTime, transition.By, Word(transition.Kind))
    {
        DurationMs = (long?)transition.Duration?.TotalMilliseconds,
        Reason = transition.Reason?.ToString(),
        Error = transition.Message,
        Attempts = transition.Count > 1 ? transition.Count : null,
        LastTime = transition.Count > 1 ? transition.LastTime.UtcDateTime : null,
    };

    private static string Word(TransitionKind kind) => kind switch
    {
        TransitionKind.Detected => "detected",
        TransitionKind.Updated => "updated",
        TransitionKind.Withdrawn => "withdrawn",
        TransitionKind.Deployed => "deployed",
        TransitionKind.Undeployed => "undeployed",
        TransitionKind.Failed => "failed",
        _ => "drifted",
    };
}
