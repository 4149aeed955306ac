using Interlook.Configuration;

namespace Interlook.Extensions.ExternalIp.Timing;

/// <summary>
/// All times of the claims protocol, computed from two flags. A node counts its own from the moment before it sent the last heartbeat that
/// succeeded; the scheduler counts from the moment it saw that heartbeat, which is later. So whatever a node has given up at
/// <see cref="Fence"/> is given up before anybody may think of <see cref="Expiry"/>.
/// </summary>
internal sealed record FenceTimes
{
    /// <summary>What the timer, the netlink calls of some hundred addresses and a busy machine may take after the fence.</summary>
    private static readonly TimeSpan Removal = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How late the kernel may end a lifetime: a second, because its next check is put off by up to one (ADDRCONF_TIMER_FUZZ_MAX), and the
    /// quarter of a second by which it rounds (ADDRCONF_TIMER_FUZZ_MINUS).
    /// </summary>
    private static readonly TimeSpan KernelDelay = TimeSpan.FromMilliseconds(1250);

    /// <summary>A heartbeat's answer and the renewal that follows it.</summary>
    private static readonly TimeSpan LeastRenewalWindow = TimeSpan.FromMilliseconds(250);

    /// <summary>Fresh read, claim's write, watch, duplicate address probe and announcement.</summary>
    private static readonly TimeSpan TakeOver = TimeSpan.FromMilliseconds(150);

    private static readonly TimeSpan ShortestHeartbeat = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestMonitor = TimeSpan.FromMinutes(5);

    /// <summary>Two clocks that both run within 1000 parts per million of the true time differ by this part of a span.</summary>
    private const double Drift = 0.002;

    private FenceTimes(TimeSpan heartbeat, TimeSpan monitor)
    {
        Heartbeat = heartbeat;
        Monitor = monitor;
        Expiry = monitor + heartbeat * 0.75;
        Fence = Expiry - Removal - Expiry * Drift;
        var lifetime = Math.Floor((Expiry - KernelDelay - LeastRenewalWindow).TotalSeconds);
        // An address has to outlive one heartbeat that was lost, and the kernel may end it a quarter of a second early.
        KernelEndsInTime = lifetime >= (heartbeat * 1.5).TotalSeconds + 0.5;
        KernelLifetime = KernelEndsInTime ? TimeSpan.FromSeconds(lifetime) : TimeSpan.FromSeconds(1);
        KernelEnd = KernelEndsInTime ? Expiry - KernelDelay : Fence + KernelLifetime;
    }

    /// <summary>How often a node says that it lives (<c>--hb</c>).</summary>
    internal TimeSpan Heartbeat { get; }

    /// <summary>How long the scheduler waits for a heartbeat (<c>--monitor</c>).</summary>
    internal TimeSpan Monitor { get; }

    /// <summary>A node that was silent for so long, by the scheduler's monotonic clock, counts as dead if a fresh read agrees.</summary>
    internal TimeSpan Expiry { get; }

    /// <summary>So long after the sending of its last heartbeat that succeeded a node has begun to remove its addresses.</summary>
    internal TimeSpan Fence { get; }

    /// <summary>The longest lifetime that an address gets in the kernel, in whole seconds: the one that is set with a heartbeat's success.</summary>
    internal TimeSpan KernelLifetime { get; }

    /// <summary>
    /// So long after the sending of its last heartbeat that succeeded the lifetimes in the kernel may reach, whenever they are set: a process
    /// that is stopped between two instructions leaves its addresses to the kernel, which ends them before the expiry.
    /// </summary>
    internal TimeSpan KernelEnd { get; }

    /// <summary>
    /// True when the kernel alone ends the addresses of a stopped process before the expiry. False with short flags: the lifetime is then
    /// the shortest there is, and the probe of the next holder waits for its end.
    /// </summary>
    internal bool KernelEndsInTime { get; }

    /// <summary>From the failure of a node to the announcement by the next: the longest there is while the store answers.</summary>
    internal TimeSpan WorstGap => Expiry + TakeOver;

    /// <summary>
    /// How long a node that heard from nobody may go on holding because its peers have no contact either. Only a node that none of them
    /// knows has to wait for so long, see <see cref="Scheduling.NodeLiveness"/>.
    /// </summary>
    internal static TimeSpan LongestOutage { get; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A node that was silent for so long, and has no claim, is gone for good, and its record is deleted. Six times the longest outage:
    /// whatever its clock, it holds nothing then.
    /// </summary>
    internal static TimeSpan GoneAfter { get; } = LongestOutage * 6;

    /// <summary>Computes them.</summary>
    /// <exception cref="ExtensionException">The flags cannot be met; says which to change.</exception>
    internal static FenceTimes Of(TimeSpan heartbeat, TimeSpan monitor)
    {
        if (heartbeat < ShortestHeartbeat)
            throw Impossible($"--hb {Show(heartbeat)} is too short: write --hb {Show(ShortestHeartbeat)} or more");
        if (monitor < heartbeat * 1.5)
        {
            throw Impossible(
                $"--monitor {Show(monitor)} does not outlast one lost heartbeat of --hb {Show(heartbeat)}: "
                + $"write --monitor {Show(heartbeat * 1.5)} or more, or a shorter --hb");
        }
        if (monitor > LongestMonitor)
            throw Impossible($"--monitor {Show(monitor)} would leave a dead node's addresses unserved for so long: write --monitor {Show(LongestMonitor)} or less");
        return new FenceTimes(heartbeat, monitor);
    }

    /// <summary>The line of the documentation's table.</summary>
    internal string Row() =>
        $"| {Show(Heartbeat)} | {Show(Monitor)} | {Show(Expiry)} | {Show(Fence)} | {Show(KernelLifetime)} | "
        + $"{(KernelEndsInTime ? "kernel" : "probe")} | {Show(WorstGap)} |";

    private static string Show(TimeSpan span) => SettingReaders.Show(span);

    private static ExtensionException Impossible(string message) => new(Reason.Invalid, message);
}
