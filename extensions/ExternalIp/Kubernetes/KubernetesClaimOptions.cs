using Interlook.Extensions.Kubernetes.Access;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>How the cluster is reached that holds the claims.</summary>
internal sealed class KubernetesClaimOptions : KubernetesConnectionOptions;
