namespace Interlook.Engine;

/// <summary>The engine's settings: section <c>core</c>.</summary>
public sealed class EngineOptions
{
    /// <summary>The most calls one step has under way at once.</summary>
    /// <value>Default: 64.</value>
    public int Concurrency { get; set; } = 64;

    /// <summary>How often every entry is looked at, in case an event was missed inside.</summary>
    /// <value>Default: 5 seconds.</value>
    public TimeSpan CheckFlowInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often closed and silent entries are looked for.</summary>
    /// <value>Default: 1 minute.</value>
    public TimeSpan HousekeeperInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often everything deployed is compared with the outside world and repaired.</summary>
    /// <value>Default: 10 minutes; zero switches it off.</value>
    public TimeSpan ResyncInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest call of a provisioner.</summary>
    /// <value>Default: 90 seconds.</value>
    public TimeSpan ServiceWipTimeout { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>After which silence the provider is asked about a service.</summary>
    /// <value>Default: 90 seconds; zero switches it off.</value>
    public TimeSpan ServiceMaxLastUpdated { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>How long an undeployed entry is still shown.</summary>
    /// <value>Default: 10 minutes.</value>
    public TimeSpan CleanUndeployedServiceAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The share of a provider's services that one snapshot may withdraw; more is held.</summary>
    /// <value>0 to 1. Default: 0.5.</value>
    public double MaxWithdrawal { get; set; } = 0.5;

    /// <summary>True waits at the start for outside systems that cannot be reached; false fails the start.</summary>
    /// <value>Default: false.</value>
    public bool WaitAtStart { get; set; }

    /// <summary>True has what drifted deployed again; false only shows it.</summary>
    /// <value>Default: true.</value>
    public bool RepairDrift { get; set; } = true;

    /// <summary>True takes orphans back that two resyncs in a row have found; false only shows them.</summary>
    /// <value>Default: false.</value>
    public bool RemoveOrphans { get; set; }

    /// <summary>Withdrawals up to this number are never held, whatever their share.</summary>
    public const int AlwaysAllowedWithdrawals = 10;
}
