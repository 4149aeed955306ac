using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>Where the traffic of a Service goes now. Immutable.</summary>
/// <param name="Targets">In any order.</param>
/// <param name="IsEverywhere">True when every node counts, and not those of the endpoints alone.</param>
/// <param name="Problem">Why there is no target though endpoints are ready; null when there is one, or no endpoint.</param>
internal sealed record Destination(IReadOnlyCollection<Target> Targets, bool IsEverywhere, string? Problem)
{
    /// <summary>Nowhere.</summary>
    internal static Destination None { get; } = new([], false, null);
}
