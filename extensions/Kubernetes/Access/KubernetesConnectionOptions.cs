using Interlook.Configuration;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>How an API server is reached, for every extension that speaks to one.</summary>
public abstract class KubernetesConnectionOptions
{
    /// <summary>Where the API server answers, when no kubeconfig says so.</summary>
    /// <value>Default: none.</value>
    public Uri? Endpoint { get; set; }

    /// <summary>Paths of kubeconfig files, separated as in <c>PATH</c>; the first that says something wins.</summary>
    /// <value>Default: empty, what <c>KUBECONFIG</c> names, else the pod's service account, else <c>~/.kube/config</c>.</value>
    public string Kubeconfig { get; set; } = "";

    /// <summary>The context of the kubeconfig.</summary>
    /// <value>Default: empty, its current one.</value>
    public string Context { get; set; } = "";

    /// <summary>The token for <see cref="Endpoint"/>.</summary>
    /// <value>Default: none.</value>
    public Secret? Token { get; set; }

    /// <summary>A file that holds the token, read again as it changes.</summary>
    /// <value>Default: empty, none.</value>
    public string TokenFile { get; set; } = "";

    /// <summary>The TLS side of <see cref="Endpoint"/>.</summary>
    public TlsSettings Tls { get; } = new();

    /// <summary>The namespaces that are watched.</summary>
    /// <value>Default: empty, all.</value>
    public IReadOnlyList<string> Namespaces { get; set; } = [];

    /// <summary>True when anything says which server is meant.</summary>
    internal bool IsSet => Endpoint is not null || Kubeconfig != "" || Context != "" || Token is not null || TokenFile != "" || Tls.IsSet;

    /// <summary>Adds the settings of the connection, and their rules.</summary>
    /// <param name="schema">What gets them.</param>
    internal static SettingsSchema<TOptions> Describe<TOptions>(SettingsSchema<TOptions> schema)
        where TOptions : KubernetesConnectionOptions, new() =>
        schema
            .Value("endpoint", ReadEndpoint, (o, url) => o.Endpoint = url, "Where the API server answers; not together with `kubeconfig`.")
            .Text("kubeconfig", (o, text) => o.Kubeconfig = text.Trim(),
                "Kubeconfig file, or several separated as in `PATH`; `~` is the home folder.",
                "what `KUBECONFIG` names, in a pod its service account, else `~/.kube/config`")
            .Text("context", (o, text) => o.Context = text.Trim(), "The context of the kubeconfig.", "its current one")
            .Secret("token", (o, token) => o.Token = token, "A token for `endpoint`.", orFile: false)
            .Text("tokenFile", (o, text) => o.TokenFile = text.Trim(),
                "A file with the token for `endpoint`; read again every minute and when the token is refused.")
            .Tls(o => o.Tls, "the API server", "With `endpoint` only; read again as it changes.")
            .List(
                "namespaces", ReadNamespace, (o, list) => o.Namespaces = [.. list.Distinct(StringComparer.Ordinal)], "The namespaces to watch.", "all")
            .Rule(options => options.Check());

    private static Uri ReadEndpoint(string text)
    {
        var url = SettingReaders.HttpUrl(text.Trim());
        return url.UserInfo.Length == 0 ? url : throw new FormatException("must not hold a user or password: use `token`, or a kubeconfig");
    }

    // A namespace is a label of a host name (RFC 1123 section 2.1).
    private static string ReadNamespace(string text) =>
        text is { Length: > 0 and <= 63 } && text[0] != '-' && text[^1] != '-'
        && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
            ? text
            : throw new FormatException($"must be the name of a namespace, not '{text}': small letters, digits and hyphens; leave `namespaces` out for all");

    private IEnumerable<SettingProblem> Check()
    {
        if (Token is not null && TokenFile != "")
            yield return new("tokenFile", "stands beside token: write one of them");
        if (Endpoint is not null && Kubeconfig != "")
            yield return new("kubeconfig", "stands beside endpoint: write one of them");
        if (Endpoint is not null && Context != "")
            yield return new("context", "chooses within a kubeconfig, and endpoint needs none: write one of them");
        if (Endpoint is null)
        {
            foreach (var setting in WithoutEndpoint())
                yield return new(setting, "belongs to endpoint, which is not set: a kubeconfig has its own");
        }
        if (Endpoint is { Scheme: "http", IsLoopback: false } && (Token is not null || TokenFile != ""))
            yield return new("endpoint", "must be https: the token would go over the network in the clear");
        if (Endpoint is { Scheme: "http" } && Tls.IsSet)
            yield return new("endpoint", "must be https for the TLS settings beside it to count");
        if (TokenFile != "" && !File.Exists(Surroundings.Process.Expand(TokenFile)))
            yield return new("tokenFile", $"names a file that does not exist: '{TokenFile}'");
        if (Kubeconfig != "" && !Access.Kubeconfig.Paths(Kubeconfig, Surroundings.Process).Any(File.Exists))
            yield return new("kubeconfig", $"names no file that exists: '{Kubeconfig}'");
    }

    private IEnumerable<string> WithoutEndpoint()
    {
        if (Token is not null)
            yield return "token";
        if (TokenFile != "")
            yield return "tokenFile";
        foreach (var (setting, path) in new[] { ("tlsCa", Tls.Ca), ("tlsCert", Tls.Cert), ("tlsKey", Tls.Key) })
        {
            if (path != "")
                yield return setting;
        }
        if (Tls.SkipVerify)
            yield return "tlsSkipVerify";
    }
}
