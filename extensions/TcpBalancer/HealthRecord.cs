using Interlook.Provisioners;

namespace Interlook.Extensions.TcpBalancer;

/// <summary>
/// What is known of a target's health. Pure: no clock, no I/O; not safe for concurrent use. The first check decides at once; after that
/// <paramref name="rise"/> good checks or <paramref name="fall"/> failed ones in a row are needed. Clients' connections that fail count by
/// themselves: <paramref name="fall"/> in a row eject a target whatever the checks say.
/// </summary>
internal sealed class HealthRecord(int rise, int fall)
{
    private int goodChecks;
    private int badChecks;
    private int badConnects;

    /// <summary>What it comes to.</summary>
    public TargetHealth Health { get; private set; } = TargetHealth.Unknown;

    /// <summary>Why it is not healthy.</summary>
    public string? Problem { get; private set; }

    /// <summary>True while failed connects are counted against it.</summary>
    public bool HasFailedConnects => Volatile.Read(ref badConnects) > 0;

    /// <summary>A check went well.</summary>
    /// <returns>True when the health changed.</returns>
    public bool CheckPassed()
    {
        badChecks = 0;
        if (Health == TargetHealth.Healthy || (Health == TargetHealth.Unhealthy && ++goodChecks < rise))
            return false;
        badConnects = 0;
        return Become(TargetHealth.Healthy, null);
    }

    /// <summary>A check failed.</summary>
    /// <returns>True when the health changed.</returns>
    public bool CheckFailed(string problem)
    {
        goodChecks = 0;
        if (Health == TargetHealth.Unhealthy)
        {
            Problem = problem;
            return false;
        }
        return (++badChecks >= fall || Health == TargetHealth.Unknown) && Become(TargetHealth.Unhealthy, problem);
    }

    /// <summary>A client's connection could be made.</summary>
    public void ConnectPassed() => badConnects = 0;

    /// <summary>A client's connection could not be made.</summary>
    /// <returns>True when the health changed.</returns>
    public bool ConnectFailed(string problem) =>
        ++badConnects >= fall && Health != TargetHealth.Unhealthy && Become(TargetHealth.Unhealthy, problem);

    /// <summary>Nothing is known any more: it gets traffic again and is judged anew.</summary>
    /// <returns>True when the health changed.</returns>
    public bool Forget()
    {
        badConnects = 0;
        return Health != TargetHealth.Unknown && Become(TargetHealth.Unknown, null);
    }

    private bool Become(TargetHealth health, string? problem)
    {
        (Health, Problem) = (health, problem);
        (goodChecks, badChecks) = (0, 0);
        return true;
    }
}
