using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>What a write came to. Immutable.</summary>
/// <param name="Service">The object as the server returned it.</param>
/// <param name="Time">When, as a timestamp of the clock.</param>
internal sealed record AcceptedStatus(Service Service, long Time);
