using System.Collections.Frozen;

namespace Interlook.Extensions.Docker;

/// <summary>
/// Containers that were told to stop and have not ended yet: they get no traffic. A signal is no proof that a container ends, so one that
/// lives on is served again after a while. Used by one thread.
/// </summary>
internal sealed class StoppingContainers(TimeProvider time)
{
    private static readonly FrozenDictionary<string, string> Numbers = new Dictionary<string, string>
    {
        ["HUP"] = "1",
        ["INT"] = "2",
        ["QUIT"] = "3",
        ["KILL"] = "9",
        ["USR1"] = "10",
        ["USR2"] = "12",
        ["TERM"] = "15",
        ["WINCH"] = "28",
        ["RTMIN+3"] = "37",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, (string Signal, long Since)> signalled = new(StringComparer.Ordinal);

    /// <summary>Remembers a signal. One without a number tells nothing.</summary>
    internal bool TryBegin(string id, string? signal)
    {
        if (string.IsNullOrEmpty(signal))
            return false;
        signalled[id] = (NumberOf(signal), time.GetTimestamp());
        return true;
    }

    internal void End(string id) => signalled.Remove(id);

    /// <summary>True while a container that was told to stop is given time to do so.</summary>
    /// <param name="id">The container.</param>
    /// <param name="stopSignal">The signal that means stop for it; null means SIGTERM.</param>
    /// <param name="stopTimeout">How many seconds it is given to end; null means 10.</param>
    internal bool IsStopping(string id, string? stopSignal, int? stopTimeout)
    {
        if (!signalled.TryGetValue(id, out var received))
            return false;
        var stop = NumberOf(string.IsNullOrEmpty(stopSignal) ? "TERM" : stopSignal);
        if ((received.Signal == stop || received.Signal == "9") && time.GetElapsedTime(received.Since) < Patience(stopTimeout))
            return true;
        signalled.Remove(id);
        return false;
    }

    // A container that outlives its time by so much did not take the signal as an end.
    private static TimeSpan Patience(int? stopTimeout) => TimeSpan.FromSeconds(Math.Clamp(stopTimeout ?? 10, 10, 3600) + 5);

    private static string NumberOf(string signal)
    {
        var name = signal.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? signal[3..] : signal;
        return Numbers.GetValueOrDefault(name, name);
    }
}
