using System.Collections.Immutable;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>What came of a Service that asks for publication. Immutable.</summary>
/// <param name="Uid">The object: another of the same name inherits nothing.</param>
/// <param name="Request">What it asks for, or last asked for that could be understood; null when nothing ever could.</param>
/// <param name="Definition">What is published; null with <paramref name="Request"/>.</param>
/// <param name="Rejection">What cannot be; null when all is well.</param>
/// <param name="Nodes">The nodes of its endpoints.</param>
/// <param name="IsEverywhere">True when every node counts.</param>
internal sealed record Publication(
    ObjectUid Uid, PublicationRequest? Request, ServiceDefinition? Definition, Rejection? Rejection, ImmutableArray<string> Nodes, bool IsEverywhere)
{
    /// <summary>True when it may change as these nodes do.</summary>
    internal bool DependsOn(HashSet<string> nodes)
    {
        if (IsEverywhere)
            return true;
        foreach (var node in Nodes)
        {
            if (nodes.Contains(node))
                return true;
        }
        return false;
    }
}
