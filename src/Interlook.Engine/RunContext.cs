using Interlook.Entries;

namespace Interlook.Engine;

/// <summary>What the parts of a running engine share.</summary>
/// <param name="Options">The settings.</param>
/// <param name="Parts">Clock, chance, loggers, extensions.</param>
/// <param name="Calls">Cancelled when calls under way must end because Interlook stops.</param>
internal sealed record RunContext(EngineOptions Options, EngineParts Parts, CancellationToken Calls)
{
    /// <summary>The clock.</summary>
    public TimeProvider Time => Parts.Time;

    /// <summary>True when an undeployed entry has been shown long enough.</summary>
    public bool IsOverdue(Entry entry) =>
        entry is { State: Entry.Undeployed, Expected: ExpectedState.Undeployed, CloseTime: { } closed }
        && Time.GetUtcNow() - closed >= Options.CleanUndeployedServiceAfter;
}
