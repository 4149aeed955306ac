namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>Finds how the API server is reached: what the settings say, else what the surroundings offer.</summary>
internal static class AccessSearch
{
    private const string Variable = "KUBECONFIG";

    /// <summary>
    /// Looks at, in this order: <c>endpoint</c>, <c>kubeconfig</c>, the environment's KUBECONFIG, the pod we run in, <c>~/.kube/config</c>.
    /// </summary>
    /// <exception cref="ExtensionException">Nothing was found, or what was found cannot be used.</exception>
    internal static ClusterAccess Find(KubernetesConnectionOptions options, Surroundings surroundings, TimeProvider time)
    {
        if (options.Endpoint is { } endpoint)
            return OfEndpoint(endpoint, options, surroundings, time);
        if (options.Kubeconfig != "")
            return OfKubeconfig(options.Kubeconfig, options, surroundings, time);
        if (surroundings.Set(Variable) is { } paths)
            return OfKubeconfig(paths, options, surroundings, time);
        var file = Path.Combine(surroundings.Home, ".kube", "config");
        if (InCluster.IsHere(surroundings) && options.Context == "")
            return InCluster.Read(surroundings, time);
        if (File.Exists(file))
            return OfKubeconfig(file, options, surroundings, time);
        throw new ExtensionException(
            Reason.Invalid,
            $"no Kubernetes was found: endpoint and kubeconfig are not set, neither is {Variable} in the environment, "
            + $"{(InCluster.IsHere(surroundings) ? "a context says that a kubeconfig is meant" : "this is no pod (KUBERNETES_SERVICE_HOST is not set)")}, "
            + $"and '{file}' does not exist; set kubeconfig or endpoint");
    }

    private static ClusterAccess OfKubeconfig(string paths, KubernetesConnectionOptions options, Surroundings surroundings, TimeProvider time) =>
        new KubeconfigAccess(Kubeconfig.Read(Kubeconfig.Paths(paths, surroundings)), surroundings, time).Choose(options.Context);

    private static ClusterAccess OfEndpoint(Uri endpoint, KubernetesConnectionOptions options, Surroundings surroundings, TimeProvider time)
    {
        const string Origin = "the settings beside endpoint";
        return new ClusterAccess
        {
            Endpoint = endpoint,
            Origin = Origin,
            SkipVerify = options.Tls.SkipVerify,
            Authorities = Open("tlsCa", options.Tls.Ca),
            Credential = new WrittenCredential
            {
                Token = options.Token is { } token ? new FixedText(token.Reveal()) : Open("tokenFile", options.TokenFile),
                Certificate = Open("tlsCert", options.Tls.Cert),
                Key = Open("tlsKey", options.Tls.Key),
                Origin = Origin,
            },
        };

        RotatedFile? Open(string setting, string path) => path == "" ? null : new(surroundings.Expand(path), setting, time);
    }
}
