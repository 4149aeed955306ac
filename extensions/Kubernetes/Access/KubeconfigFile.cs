using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>A kubeconfig file as it is written (Kubernetes documentation, "kubeconfig (v1)"), down to what is used here.</summary>
internal sealed record KubeconfigFile
{
    [JsonPropertyName("current-context")]
    public string? CurrentContext { get; init; }

    [JsonPropertyName("clusters")]
    public ImmutableArray<NamedCluster>? Clusters { get; init; }

    [JsonPropertyName("users")]
    public ImmutableArray<NamedUser>? Users { get; init; }

    [JsonPropertyName("contexts")]
    public ImmutableArray<NamedContext>? Contexts { get; init; }

    internal sealed record NamedCluster
    {
        [JsonPropertyName("name")]
        public string? Name { get; init; }

        [JsonPropertyName("cluster")]
        public KubeconfigCluster? Cluster { get; init; }
    }

    internal sealed record NamedUser
    {
        [JsonPropertyName("name")]
        public string? Name { get; init; }

        [JsonPropertyName("user")]
        public KubeconfigUser? User { get; init; }
    }

    internal sealed record NamedContext
    {
        [JsonPropertyName("name")]
        public string? Name { get; init; }

        [JsonPropertyName("context")]
        public KubeconfigContext? Context { get; init; }
    }
}

/// <summary>An API server.</summary>
internal sealed record KubeconfigCluster
{
    /// <summary>The folder of the file, which its relative paths begin at.</summary>
    [JsonIgnore]
    internal string Folder { get; init; } = "";

    [JsonPropertyName("server")]
    public string? Server { get; init; }

    [JsonPropertyName("tls-server-name")]
    public string? TlsServerName { get; init; }

    [JsonPropertyName("insecure-skip-tls-verify")]
    public bool InsecureSkipTlsVerify { get; init; }

    [JsonPropertyName("certificate-authority")]
    public string? CertificateAuthority { get; init; }

    [JsonPropertyName("certificate-authority-data")]
    public string? CertificateAuthorityText { get; init; }

    [JsonPropertyName("proxy-url")]
    public string? ProxyUrl { get; init; }

    [JsonPropertyName("extensions")]
    public ImmutableArray<KubeconfigExtension>? Extensions { get; init; }
}

/// <summary>What others keep in a kubeconfig; a credential plugin finds its part under the name <c>client.authentication.k8s.io/exec</c>.</summary>
internal sealed record KubeconfigExtension
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("extension")]
    public JsonElement? Extension { get; init; }
}

/// <summary>Who somebody is.</summary>
internal sealed record KubeconfigUser
{
    /// <summary>The folder of the file, which its relative paths begin at.</summary>
    [JsonIgnore]
    internal string Folder { get; init; } = "";

    [JsonPropertyName("client-certificate")]
    public string? ClientCertificate { get; init; }

    [JsonPropertyName("client-certificate-data")]
    public string? ClientCertificateText { get; init; }

    [JsonPropertyName("client-key")]
    public string? ClientKey { get; init; }

    [JsonPropertyName("client-key-data")]
    public string? ClientKeyText { get; init; }

    [JsonPropertyName("token")]
    public string? Token { get; init; }

    [JsonPropertyName("tokenFile")]
    public string? TokenFile { get; init; }

    [JsonPropertyName("username")]
    public string? Username { get; init; }

    [JsonPropertyName("password")]
    public string? Password { get; init; }

    [JsonPropertyName("as")]
    public string? As { get; init; }

    [JsonPropertyName("as-uid")]
    public string? AsUid { get; init; }

    [JsonPropertyName("as-groups")]
    public ImmutableArray<string>? AsGroups { get; init; }

    [JsonPropertyName("as-user-extra")]
    public Dictionary<string, ImmutableArray<string>>? AsUserExtra { get; init; }

    [JsonPropertyName("auth-provider")]
    public KubeconfigAuthProvider? AuthProvider { get; init; }

    [JsonPropertyName("exec")]
    public KubeconfigExec? Exec { get; init; }

    /// <summary>Nothing: a record would print the token.</summary>
    public override string ToString() => nameof(KubeconfigUser);
}

/// <summary>A way of signing in that Kubernetes 1.26 took out of its clients.</summary>
internal sealed record KubeconfigAuthProvider
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }
}

/// <summary>A program that says who we are (Kubernetes documentation, "client-go credential plugins").</summary>
internal sealed record KubeconfigExec
{
    [JsonPropertyName("apiVersion")]
    public string? ApiVersion { get; init; }

    [JsonPropertyName("command")]
    public string? Command { get; init; }

    [JsonPropertyName("args")]
    public ImmutableArray<string>? Args { get; init; }

    [JsonPropertyName("env")]
    public ImmutableArray<KubeconfigVariable>? Env { get; init; }

    [JsonPropertyName("installHint")]
    public string? InstallHint { get; init; }

    [JsonPropertyName("provideClusterInfo")]
    public bool ProvideClusterInfo { get; init; }

    /// <summary>Never, IfAvailable or Always: whether it needs a terminal.</summary>
    [JsonPropertyName("interactiveMode")]
    public string? InteractiveMode { get; init; }
}

/// <summary>A variable in the environment of such a program.</summary>
internal sealed record KubeconfigVariable
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("value")]
    public string? Value { get; init; }

    /// <summary>Nothing: the value may be a secret.</summary>
    public override string ToString() => nameof(KubeconfigVariable);
}

/// <summary>A cluster and a user together.</summary>
internal sealed record KubeconfigContext
{
    [JsonPropertyName("cluster")]
    public string? Cluster { get; init; }

    [JsonPropertyName("user")]
    public string? User { get; init; }
}

/// <summary>Reads kubeconfigs.</summary>
[JsonSourceGenerationOptions(Converters = [typeof(PlainText)])]
[JsonSerializable(typeof(KubeconfigFile))]
internal sealed partial class KubeconfigJson : JsonSerializerContext;
