using Interlook.Extensions.Kubernetes.Access;

namespace Interlook.Extensions.Kubernetes.Informing;

/// <summary>What makes two connections the same.</summary>
internal sealed record ClusterKey
{
    private (string Endpoint, string Kubeconfig, string Context, string Token, string TokenFile) Where { get; init; }

    private (string Ca, string Cert, string Key, bool SkipVerify) Tls { get; init; }

    private WatchedPart? Watched { get; init; }

    /// <summary>The key of settings.</summary>
    internal static ClusterKey Of(KubernetesConnectionOptions options, WatchedPart watched) => new()
    {
        Where = (options.Endpoint?.AbsoluteUri ?? "", options.Kubeconfig, options.Context, options.Token?.Reveal() ?? "", options.TokenFile),
        Tls = (options.Tls.Ca, options.Tls.Cert, options.Tls.Key, options.Tls.SkipVerify),
        Watched = watched,
    };

    /// <summary>Nothing: it holds the token.</summary>
    public override string ToString() => nameof(ClusterKey);
}
