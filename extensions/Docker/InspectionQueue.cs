namespace Interlook.Extensions.Docker;

/// <summary>
/// Which containers are to be inspected next: each once however often it was touched, never twice at a time, a bounded number at once, and
/// those that an event touched before those of a resync. Pure; used by one thread.
/// </summary>
internal sealed class InspectionQueue(int concurrency)
{
    private readonly Queue<string> urgent = new();
    private readonly Queue<string> routine = new();
    private readonly HashSet<string> waiting = new(StringComparer.Ordinal);
    private readonly HashSet<string> running = new(StringComparer.Ordinal);
    private readonly HashSet<string> again = new(StringComparer.Ordinal);

    /// <summary>Asks for an inspection that begins after this moment.</summary>
    internal void Touch(string id, bool isUrgent)
    {
        if (running.Contains(id))
            again.Add(id);
        else if (waiting.Add(id) || isUrgent)
            (isUrgent ? urgent : routine).Enqueue(id);
    }

    /// <summary>True while the container waits for an inspection or is inspected.</summary>
    internal bool Holds(string id) => waiting.Contains(id) || running.Contains(id);

    /// <summary>Takes the next container to inspect, if one waits and the bound allows.</summary>
    internal bool TryBegin(out string id)
    {
        id = "";
        if (running.Count >= concurrency)
            return false;
        while (urgent.TryDequeue(out var next) || routine.TryDequeue(out next))
        {
            if (!waiting.Remove(next))
                continue; // queued twice: a resync found it first, then an event
            running.Add(id = next);
            return true;
        }
        return false;
    }

    /// <summary>An inspection has ended.</summary>
    /// <returns>True when nothing touched the container meanwhile; otherwise it is queued again.</returns>
    internal bool End(string id)
    {
        running.Remove(id);
        if (!again.Remove(id))
            return true;
        Touch(id, isUrgent: true);
        return false;
    }
}
