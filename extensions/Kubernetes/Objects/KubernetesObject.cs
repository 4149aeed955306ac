namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>An object of the API server, read down to the fields that are used here. Immutable.</summary>
internal abstract record KubernetesObject
{
    /// <summary>Name, labels, version.</summary>
    public ObjectMeta Metadata { get; init; }

    /// <summary>Namespace and name.</summary>
    internal ObjectName Name => new(Metadata.Namespace, Metadata.Name);
}
