using System.Net;

namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>The access that a cluster gives to what runs in its pods (Kubernetes documentation, "Accessing the Kubernetes API from a Pod").</summary>
internal static class InCluster
{
    private const string Host = "KUBERNETES_SERVICE_HOST";
    private const string Port = "KUBERNETES_SERVICE_PORT";

    /// <summary>True when we run in a pod.</summary>
    internal static bool IsHere(Surroundings surroundings) => surroundings.Set(Host) is not null;

    /// <summary>Reads it.</summary>
    /// <exception cref="ExtensionException">Something of it is missing.</exception>
    internal static ClusterAccess Read(Surroundings surroundings, TimeProvider time)
    {
        var host = surroundings.Set(Host)!;
        var port = surroundings.Set(Port) ?? "443";
        if (IPAddress.TryParse(host, out var address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
            host = $"[{address}]";
        if (!Uri.TryCreate($"https://{host}:{port}", UriKind.Absolute, out var endpoint))
        {
            throw new ExtensionException(
                Reason.Invalid, $"{Host} '{host}' and {Port} '{port}' are no address of an API server; correct them, or set endpoint or kubeconfig");
        }
        const string Origin = "the pod's service account";
        var token = new RotatedFile(Path.Combine(surroundings.ServiceAccount, "token"), "the token of the pod's service account,", time);
        var authorities = new RotatedFile(Path.Combine(surroundings.ServiceAccount, "ca.crt"), "the authorities of the pod's service account,", time);
        token.Read();
        authorities.Read();
        return new ClusterAccess
        {
            Endpoint = endpoint,
            Origin = Origin,
            GoesDirectly = true, // it is in the pod's own network; HTTPS_PROXY is for what is outside, and NO_PROXY cannot name networks here
            Authorities = authorities,
            Credential = new WrittenCredential { Token = token, Origin = Origin },
        };
    }
}
