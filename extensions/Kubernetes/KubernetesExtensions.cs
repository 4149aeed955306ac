namespace Interlook.Extensions.Kubernetes;

/// <summary>What this folder adds to Interlook.</summary>
public static class KubernetesExtensions
{
    /// <summary>The provider for the Services of a cluster.</summary>
    public const string Provider = "provider.kubernetes";
}
