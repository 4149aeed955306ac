namespace Interlook.Extensions.Ipalloc;

/// <summary>Who asked for an address that another has: the first to ask gets it when it is given back. Not for concurrent use.</summary>
internal sealed class AwaitedAddresses
{
    private readonly Dictionary<UInt128, List<string>> waiting = [];

    /// <summary>Notes a request that could not be met.</summary>
    internal void Join(UInt128 address, string holder)
    {
        if (!waiting.TryGetValue(address, out var queue))
            waiting.Add(address, queue = []);
        if (!queue.Contains(holder))
            queue.Add(holder);
    }

    /// <summary>Takes the one who has waited longest; null when nobody waits.</summary>
    internal string? TakeFirst(UInt128 address)
    {
        if (!waiting.TryGetValue(address, out var queue))
            return null;
        var first = queue[0];
        Leave(address, queue, first);
        return first;
    }

    /// <summary>A holder waits no longer, for whatever it waited.</summary>
    internal void Leave(string holder)
    {
        foreach (var (address, queue) in waiting.Where(each => each.Value.Contains(holder)).ToList())
            Leave(address, queue, holder);
    }

    private void Leave(UInt128 address, List<string> queue, string holder)
    {
        queue.Remove(holder);
        if (queue.Count == 0)
            waiting.Remove(address);
    }
}
