using Interlook.Collections;
using Interlook.Services;

namespace Interlook.Entries;

/// <summary>The engine's record of one service in one workflow. Immutable; every change makes a successor.</summary>
public sealed record Entry
{
    /// <summary>The state of an entry whose steps have all been run.</summary>
    public const string Deployed = "deployed";

    /// <summary>The state of an entry of which nothing is left outside.</summary>
    public const string Undeployed = "undeployed";

    private readonly UtcTime timeDetected;
    private readonly UtcTime lastUpdate;
    private readonly UtcTime wipTime;
    private readonly UtcTime closeTime;

    /// <summary>Workflow and service.</summary>
    public required ServiceKey Key { get; init; }

    /// <summary>The newest definition the provider gave; kept after it was withdrawn.</summary>
    public required ServiceDefinition Desired { get; init; }

    /// <summary>Where the entry is going.</summary>
    public required ExpectedState Expected { get; init; }

    /// <summary>The step it stands at, or <see cref="Deployed"/>, or <see cref="Undeployed"/>.</summary>
    public required string State { get; init; }

    /// <summary>What the steps have done, in workflow order; only steps that ran.</summary>
    public EquatableArray<StepRecord> Steps { get; init; }

    /// <summary>Why it does not get on; null when nothing failed since the last success.</summary>
    public StepFailure? Failure { get; init; }

    /// <summary>A remark for people: what drifted, what is waited for. Null when there is none.</summary>
    public string? Info { get; init; }

    /// <summary>When a provider first named the service.</summary>
    public required DateTimeOffset TimeDetected
    {
        get => timeDetected.Value;
        init => timeDetected = new(value);
    }

    /// <summary>When its definition last changed.</summary>
    public required DateTimeOffset LastUpdate
    {
        get => lastUpdate.Value;
        init => lastUpdate = new(value);
    }

    /// <summary>Since when a provisioner works on it; null when none does.</summary>
    public DateTimeOffset? WipTime
    {
        get => wipTime.ValueOrNull;
        init => wipTime = new(value);
    }

    /// <summary>When it last became deployed or undeployed; null while it is on its way.</summary>
    public DateTimeOffset? CloseTime
    {
        get => closeTime.ValueOrNull;
        init => closeTime = new(value);
    }

    /// <summary>True while a provisioner works on it.</summary>
    public bool WorkInProgress => WipTime is not null;

    /// <summary>The fullest definition there is: what the last acknowledged step returned, else what the provider gave.</summary>
    public ServiceDefinition Service
    {
        get
        {
            for (var i = Steps.Count - 1; i >= 0; i--)
            {
                if (Steps[i].Acknowledged is { } acknowledged)
                    return acknowledged;
            }
            return Desired;
        }
    }

    /// <summary>What a step has done, or null when it has not run.</summary>
    public StepRecord? Find(string step)
    {
        foreach (var record in Steps)
        {
            if (record.Step == step)
                return record;
        }
        return null;
    }
}
