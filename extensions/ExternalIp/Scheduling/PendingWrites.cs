namespace Interlook.Extensions.ExternalIp.Scheduling;

/// <summary>
/// The writes that are under way, and those that were refused: one at a time for each name, and after a refusal none until something newer
/// was seen or a while has passed. Without it a pass would repeat what it has just asked for.
/// </summary>
internal sealed class PendingWrites(TimeSpan patience)
{
    private readonly HashSet<string> underWay = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Seen, TimeSpan Until)> refused = new(StringComparer.Ordinal);

    /// <summary>Begins a write if it may be asked for now.</summary>
    /// <param name="name">What is written.</param>
    /// <param name="seen">The newest revision that was seen of its kind.</param>
    /// <param name="now">The moment.</param>
    internal bool TryBegin(string name, long seen, TimeSpan now)
    {
        if (refused.TryGetValue(name, out var last) && last.Seen >= seen && now < last.Until)
            return false;
        refused.Remove(name);
        return underWay.Add(name);
    }

    /// <summary>A write was done.</summary>
    internal void Done(string name) => underWay.Remove(name);

    /// <summary>A write was refused, or nobody knows what became of it.</summary>
    internal void Refused(string name, long seen, TimeSpan now)
    {
        underWay.Remove(name);
        refused[name] = (seen, now + patience);
    }
}
