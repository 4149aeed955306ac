using System.Collections.Immutable;

namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>Where an API server is, whom it must be, and who we are there.</summary>
internal sealed record ClusterAccess
{
    /// <summary>Where it answers, without a slash at the end.</summary>
    internal required Uri Endpoint { get; init; }

    /// <summary>Where all this was found, for messages: <c>context 'prod' of the kubeconfig /etc/interlook/kubeconfig</c>.</summary>
    internal required string Origin { get; init; }

    /// <summary>The name its certificate must have; null when that is the one of the address.</summary>
    internal string? ServerName { get; init; }

    /// <summary>The proxy on the way (http, https, socks5); null is what the environment says.</summary>
    internal Uri? Proxy { get; init; }

    /// <summary>True when no proxy is on the way, whatever the environment says.</summary>
    internal bool GoesDirectly { get; init; }

    /// <summary>The authorities that may sign its certificate, PEM; null is the system's.</summary>
    internal ITextSource? Authorities { get; init; }

    /// <summary>True takes any certificate.</summary>
    internal bool SkipVerify { get; init; }

    /// <summary>Who we are.</summary>
    internal required ICredential Credential { get; init; }

    /// <summary>Headers that make us act as somebody else (Kubernetes documentation, "User impersonation").</summary>
    internal ImmutableArray<(string Name, string Value)> Impersonation { get; init; } = [];

    /// <summary>The server, for messages: never with a user or password.</summary>
    internal string Server =>
        $"Kubernetes at {Endpoint.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped).TrimEnd('/')}";
}
