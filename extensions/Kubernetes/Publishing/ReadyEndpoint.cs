namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>One endpoint of a Service that takes traffic.</summary>
/// <param name="Address">Its address, canonical.</param>
/// <param name="IsIPv6">The family of the address.</param>
/// <param name="Port">The port there.</param>
/// <param name="Node">The node it runs on; null when that is not said, as of endpoints outside the cluster.</param>
internal readonly record struct ReadyEndpoint(string Address, bool IsIPv6, int Port, string? Node);
