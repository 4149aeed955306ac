namespace Interlook.Fixtures.ExternalIp;

/// <summary>What happens to a part of a <see cref="VipLaboratory"/>.</summary>
public enum FailureKind
{
    /// <summary>An agent is killed, and started again when others have taken over.</summary>
    Killed,

    /// <summary>An agent is stopped, and goes on when others have taken over.</summary>
    Stopped,

    /// <summary>A node's connections to the store end, and it takes no new ones until others have taken over.</summary>
    Refused,

    /// <summary>What a node and the store say to each other is lost until others have taken over.</summary>
    Silent,

    /// <summary>An agent is asked to end: a planned move.</summary>
    Terminated,

    /// <summary>A node's interface goes down and up again.</summary>
    LinkDown,

    /// <summary>The cable of a node's interface is pulled and put in again.</summary>
    Unplugged,

    /// <summary>An agent is killed and started again at once.</summary>
    Restarted,

    /// <summary>A scheduler is killed, and started again.</summary>
    SchedulerKilled,

    /// <summary>Both schedulers lose the store for a while.</summary>
    SchedulersCutOff,

    /// <summary>The store is killed, and started again.</summary>
    StoreKilled,
}
