namespace Interlook.Provisioners;

/// <summary>Whether a target gets traffic.</summary>
public enum TargetHealth
{
    /// <summary>Not looked at yet, or nobody looks: it gets traffic.</summary>
    Unknown,

    /// <summary>It answers, and gets traffic.</summary>
    Healthy,

    /// <summary>It does not answer, and gets no new traffic.</summary>
    Unhealthy,

    /// <summary>It is no longer wanted: it keeps the connections it has and gets no new ones.</summary>
    Draining,
}
