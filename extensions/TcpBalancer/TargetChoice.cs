namespace Interlook.Extensions.TcpBalancer;

/// <summary>
/// Chooses the target of the next connection. Not safe for concurrent use. Round robin is the smooth kind: every candidate's credit grows
/// by its weight, the richest is taken and pays the sum of all weights, so that heavy targets are spread out and not taken in bursts.
/// Least connections compares open connections for each unit of weight, and lets round robin decide among equals.
/// </summary>
internal static class TargetChoice
{
    /// <summary>Chooses.</summary>
    /// <param name="targets">The targets of a service.</param>
    /// <param name="tried">Those that this connection has tried in vain.</param>
    /// <param name="byConnections">True for least connections, false for round robin.</param>
    /// <returns>Null when none may have it.</returns>
    public static BalancedTarget? Pick(ReadOnlySpan<BalancedTarget> targets, List<BalancedTarget>? tried, bool byConnections)
    {
        var (least, open) = byConnections ? Least(targets, tried) : (null, 0);
        var (best, total) = ((BalancedTarget?)null, 0);
        foreach (var target in targets)
        {
            // Connections come and go on other threads meanwhile; the least of a moment ago stays a candidate.
            if (!MayHave(target, tried) || (least is not null && target != least && Compare(target, target.Open, least, open) > 0))
                continue;
            total += target.Weight;
            target.Credit += target.Weight;
            if (best is null || target.Credit > best.Credit)
                best = target;
        }
        if (best is not null)
            best.Credit -= total;
        return best ?? least; // its health may have changed in between
    }

    private static (BalancedTarget? Target, int Open) Least(ReadOnlySpan<BalancedTarget> targets, List<BalancedTarget>? tried)
    {
        var least = ((BalancedTarget?)null, 0);
        foreach (var target in targets)
        {
            var open = target.Open;
            if (MayHave(target, tried) && (least is not ({ } other, var fewest) || Compare(target, open, other, fewest) < 0))
                least = (target, open);
        }
        return least;
    }

    private static bool MayHave(BalancedTarget target, List<BalancedTarget>? tried) =>
        target.TakesTraffic && (tried is null || !tried.Contains(target));

    // open / weight, without the division
    private static int Compare(BalancedTarget left, int leftOpen, BalancedTarget right, int rightOpen) =>
        ((long)leftOpen * right.Weight).CompareTo((long)rightOpen * left.Weight);
}
