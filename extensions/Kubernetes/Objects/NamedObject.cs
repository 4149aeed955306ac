namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>Any object, read down to its metadata: when it is gone, a bookmark, or cannot be read whole.</summary>
internal sealed record NamedObject : KubernetesObject;
