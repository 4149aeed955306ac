namespace Interlook.Extensions.ExternalIp.Scheduling;

/// <summary>
/// Counts the claims of the nodes through one pass, those that the pass itself has placed among them: otherwise a burst of claims would all
/// go to the node that was emptiest before it.
/// </summary>
internal sealed class Placement(NodeFilter filter)
{
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);

    /// <summary>Counts a claim that a node has.</summary>
    internal void Count(string node) => counts[node] = counts.GetValueOrDefault(node) + 1;

    /// <summary>Counts a claim that leaves a node.</summary>
    internal void Discount(string node) => counts[node] = counts.GetValueOrDefault(node) - 1;

    /// <summary>Chooses among nodes in the order of their names, and counts.</summary>
    /// <returns>The node, or null when there is none.</returns>
    internal string? Place(IEnumerable<string> nodes)
    {
        string? best = null;
        foreach (var node in nodes)
        {
            if (best is null || (filter == NodeFilter.Fair && counts.GetValueOrDefault(node) < counts.GetValueOrDefault(best)))
                best = node;
        }
        if (best is not null)
            Count(best);
        return best;
    }
}
