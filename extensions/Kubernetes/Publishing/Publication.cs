using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>What came of a Service that asks for publication. Immutable.</summary>
/// <param name="Uid">The object: another of the same name inherits nothing.</param>
/// <param name="Request">What it asks for, or last asked for that could be understood; null when nothing ever could.</param>
/// <param name="Definition">What is published; null with <paramref name="Request"/>.</param>
/// <param name="Rejection">What cannot be; null when all is well.</param>
/// <param name="IsEverywhere">True when every node counts.</param>
internal sealed record Publication(
    ObjectUid Uid, PublicationRequest? Request, ServiceDefinition? Definition, Rejection? Rejection, bool IsEverywhere);
