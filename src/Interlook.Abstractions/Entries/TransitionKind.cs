namespace Interlook.Entries;

/// <summary>What happened to an entry. A closed set: API, commands and the stored history show these words.</summary>
public enum TransitionKind : byte
{
    /// <summary>A provider named the service, for the first time or again after it had withdrawn it.</summary>
    Detected,

    /// <summary>The provider gave another definition.</summary>
    Updated,

    /// <summary>The provider withdrew the service.</summary>
    Withdrawn,

    /// <summary>A step acknowledged a deployment; by <see cref="Transition.Core"/>: every step has.</summary>
    Deployed,

    /// <summary>A step took the service back; by <see cref="Transition.Core"/>: nothing of it is left outside.</summary>
    Undeployed,

    /// <summary>A call of a step failed, or its outcome is unknown.</summary>
    Failed,

    /// <summary>What a step has outside no longer matched what it had acknowledged.</summary>
    Drifted,
}
