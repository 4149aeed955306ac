using System.Collections.Immutable;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>Where the traffic of a Service goes now, and of which nodes that depends. Immutable.</summary>
/// <param name="Targets">In any order.</param>
/// <param name="Nodes">The nodes of the endpoints: when one of them changes, so may this.</param>
/// <param name="IsEverywhere">True when every node counts.</param>
/// <param name="Problem">Why there is no target though endpoints are ready; null when there is one, or no endpoint.</param>
internal sealed record Destination(IReadOnlyCollection<Target> Targets, ImmutableArray<string> Nodes, bool IsEverywhere, string? Problem)
{
    /// <summary>Nowhere.</summary>
    internal static Destination None { get; } = new([], [], false, null);
}
