using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>An object that cannot be read.</summary>
/// <param name="Name">What it is called; empty when not even that can be read.</param>
/// <param name="Version">Its version; empty when unknown.</param>
/// <param name="Problem">What is wrong, as a sentence without its end.</param>
internal sealed record BrokenObject(ObjectName Name, string Version, string Problem);
