using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>Brings weights below the largest one that a target may carry, and keeps their proportions.</summary>
internal static class WeightShare
{
    /// <summary>The factor that makes every one of these weights fit; 1 when they do already.</summary>
    internal static double Factor(IEnumerable<int> weights) => weights.DefaultIfEmpty().Max() is var largest && largest > Target.MaxWeight
        ? (double)Target.MaxWeight / largest
        : 1;

    /// <summary>A weight times the factor. What had a share keeps one, however small.</summary>
    internal static int Fit(int weight, double factor) => weight == 0 ? 0 : Math.Max(1, (int)Math.Round(weight * factor));
}
