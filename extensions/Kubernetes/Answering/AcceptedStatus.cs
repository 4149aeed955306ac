using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>What a write came to. Immutable.</summary>
/// <param name="Wanted">What was applied.</param>
/// <param name="Service">The object as the server returned it: it may leave out what it does not know.</param>
/// <param name="Time">When, as a timestamp of the clock.</param>
internal sealed record AcceptedStatus(WantedStatus Wanted, Service Service, long Time);
