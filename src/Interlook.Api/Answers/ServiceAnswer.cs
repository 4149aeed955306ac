using Interlook.Engine;
using Interlook.Entries;
using Interlook.Provisioners;

namespace Interlook.Api.Answers;

/// <summary>An entry. The fields up to <c>service</c> bear the earlier system's names and meanings; the rest are ours.</summary>
internal sealed record ServiceAnswer
{
    /// <summary>What the earlier system wrote for a time that is not set, and always wrote for two of them: parsers count on it.</summary>
    private static readonly DateTime NoTime = new(0, DateTimeKind.Utc);

    /// <summary>The step the entry stands at, or <c>deployed</c>, or <c>undeployed</c>.</summary>
    public required string State { get; init; }

    /// <summary><c>deployed</c> or <c>undeployed</c>.</summary>
    public required string ExpectedState { get; init; }

    /// <summary>True while an extension works on it.</summary>
    public required bool WorkInProgress { get; init; }

    /// <summary>Since when; year 1 when none does.</summary>
    public required DateTime WipTime { get; init; }

    /// <summary>When a provider first named the service.</summary>
    public required DateTime TimeDetected { get; init; }

    /// <summary>When its definition last changed.</summary>
    public required DateTime LastUpdate { get; init; }

    /// <summary>When it last became deployed or undeployed; year 1 while it is on its way.</summary>
    public required DateTime CloseTime { get; init; }

    /// <summary>Why it does not get on; absent when nothing failed.</summary>
    public string? Error { get; init; }

    /// <summary>A remark for people: the engine's, else of the step that sees how the service fares.</summary>
    public string? Info { get; init; }

    /// <summary>What is published.</summary>
    public required DefinitionAnswer Service { get; init; }

    /// <summary>The workflow it walks.</summary>
    public required string Workflow { get; init; }

    /// <summary>The step that failed.</summary>
    public string? Step { get; init; }

    /// <summary>The reason of the failure, a word of a closed set.</summary>
    public string? Reason { get; init; }

    /// <summary>How often in a row it failed.</summary>
    public int? Attempts { get; init; }

    /// <summary>The steps of the workflow, in deploy order, and how far each is.</summary>
    public required StepAnswer[] Steps { get; init; }

    public static ServiceAnswer Of(Entry entry, IEngine engine) =>
        Of(entry, engine.Condition(entry.Key), StepAnswer.Of(entry, engine));

    private static ServiceAnswer Of(Entry entry, ServiceCondition? condition, StepAnswer[] steps) => new()
    {
        State = entry.State,
        ExpectedState = entry.Expected == Entries.ExpectedState.Deployed ? Entry.Deployed : Entry.Undeployed,
        WorkInProgress = entry.WorkInProgress,
        WipTime = entry.WipTime?.UtcDateTime ?? NoTime,
        TimeDetected = entry.TimeDetected.UtcDateTime,
        LastUpdate = entry.LastUpdate.UtcDateTime,
        CloseTime = entry.CloseTime?.UtcDateTime ?? NoTime,
        Error = entry.Failure?.Message,
        Info = entry.Info ?? condition?.Remark,
        Service = DefinitionAnswer.Of(entry, condition),
        Workflow = entry.Key.Workflow,
        Step = entry.Failure?.Step,
        Reason = entry.Failure?.Reason.ToString(),
        Attempts = entry.Failure?.Attempts,
        Steps = steps,
    };
}
