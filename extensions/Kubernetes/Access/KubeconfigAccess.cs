using System.Collections.Immutable;
using System.Text;

namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>Turns a context of a kubeconfig into the access it stands for.</summary>
internal sealed class KubeconfigAccess(Kubeconfig config, Surroundings surroundings, TimeProvider time)
{
    /// <summary>Takes a context.</summary>
    /// <param name="name">Its name; empty is the current one.</param>
    /// <exception cref="ExtensionException">There is no such context, or it cannot be used.</exception>
    internal ClusterAccess Choose(string name)
    {
        if (name == "")
            name = config.CurrentContext ?? throw Invalid($"names no current context; set context to one of {Names(config.Contexts)}");
        var context = Find(config.Contexts, "context", name);
        var cluster = Find(config.Clusters, "cluster", context.Cluster ?? "");
        var user = context.User is { Length: > 0 } wanted ? Find(config.Users, "user", wanted) : new KubeconfigUser();
        var origin = $"context '{name}' of the kubeconfig {config.Source}";
        var credential = Credential(user, cluster, origin);
        return new ClusterAccess
        {
            Endpoint = Endpoint(cluster, context.Cluster!, IsAnybody(user)),
            Origin = origin,
            ServerName = Set(cluster.TlsServerName),
            Proxy = Proxy(cluster),
            SkipVerify = cluster.InsecureSkipTlsVerify,
            Authorities = Text("certificate-authority", cluster.CertificateAuthority, cluster.CertificateAuthorityText, cluster.Folder),
            Credential = credential,
            Impersonation = Impersonation(user),
        };
    }

    private T Find<T>(ImmutableDictionary<string, T> all, string kind, string name) =>
        all.TryGetValue(name, out var found)
            ? found
            : throw Invalid($"has no {kind} '{name}'; it has {(all.IsEmpty ? "none" : Names(all))}");

    private Uri Endpoint(KubeconfigCluster cluster, string name, bool isAnybody)
    {
        if (Set(cluster.Server) is not { } server)
            throw Invalid($"gives cluster '{name}' no server; add its address");
        if (!Uri.TryCreate(server, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
            throw Invalid($"gives cluster '{name}' a server that is no http:// or https:// address; correct it");
        if (endpoint.UserInfo != "")
            throw Invalid($"gives cluster '{name}' a server with a user or password in it, which would be shown; give them in username and password of the user");
        return endpoint is { Scheme: "http", IsLoopback: false } && !isAnybody
            ? throw Invalid($"would send credentials to cluster '{name}' in the clear; make its server https")
            : endpoint;
    }

    private ICredential Credential(KubeconfigUser user, KubeconfigCluster cluster, string origin)
    {
        if (user.AuthProvider is { } gone)
            throw Invalid($"signs in by the auth-provider '{gone.Name}', which Kubernetes gave up; use the exec plugin of your platform");
        var token = Text("tokenFile", user.TokenFile, null, user.Folder) ?? (Set(user.Token) is { } text ? new FixedText(text) : null);
        var certificate = Text("client-certificate", user.ClientCertificate, user.ClientCertificateText, user.Folder);
        var key = Text("client-key", user.ClientKey, user.ClientKeyText, user.Folder);
        if (certificate is null != key is null)
            throw Invalid("gives a client certificate without its key, or a key alone; give both");
        if (user.Exec is { } exec && token is null && certificate is null && Set(user.Username) is null)
            return new ExecCredential(exec, ExecCluster.Of(cluster), user.Folder, origin, surroundings, time);
        return new WrittenCredential
        {
            Authorization = Set(user.Username) is { } name ? Basic(name, user.Password ?? "") : null,
            Token = token,
            Certificate = certificate,
            Key = key,
            Origin = origin,
        };
    }

    private ITextSource? Text(string key, string? path, string? base64, string folder)
    {
        if (Set(base64) is { } encoded)
        {
            try
            {
                return new FixedText(Encoding.UTF8.GetString(Convert.FromBase64String(encoded)));
            }
            catch (FormatException failure)
            {
                throw Invalid($"has a {key}-data that is not base64; correct it", failure);
            }
        }
        return Set(path) is { } written
            ? new RotatedFile(Path.GetFullPath(surroundings.Expand(written), folder), $"{key} of the kubeconfig {config.Source},", time)
            : null;
    }

    private Uri? Proxy(KubeconfigCluster cluster) => Set(cluster.ProxyUrl) switch
    {
        null => null,
        var text when Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" or "socks5" => new Uri(text),
        _ => throw Invalid("has a proxy-url that is no http://, https:// or socks5:// address; correct it"), // it may hold a password
    };

    private ImmutableArray<(string, string)> Impersonation(KubeconfigUser user)
    {
        if (Set(user.As) is not { } name)
        {
            return user is { AsUid: null or "", AsGroups: null or { IsEmpty: true }, AsUserExtra: null or { Count: 0 } }
                ? []
                : throw Invalid("has as-uid, as-groups or as-user-extra without as, which they belong to; add it"); // never act with more rights
        }
        return
        [
            ("Impersonate-User", name),
            .. Set(user.AsUid) is { } uid ? [("Impersonate-Uid", uid)] : Array.Empty<(string, string)>(),
            .. (user.AsGroups ?? []).Select(group => ("Impersonate-Group", group)),
            .. from extra in user.AsUserExtra ?? []
               from value in extra.Value
               select ($"Impersonate-Extra-{Uri.EscapeDataString(extra.Key)}", value),
        ];
    }

    private static bool IsAnybody(KubeconfigUser user) =>
        Set(user.Token) is null && Set(user.TokenFile) is null && Set(user.Username) is null && user.Exec is null;

    private static string Basic(string name, string password) =>
        $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"))}"; // RFC 7617

    private static string? Set(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string Names<T>(ImmutableDictionary<string, T> all) =>
        string.Join(", ", all.Keys.Order(StringComparer.Ordinal).Select(name => $"'{name}'"));

    private ExtensionException Invalid(string problem, Exception? cause = null) =>
        new(Reason.Invalid, $"the kubeconfig {config.Source} {problem}", innerException: cause);
}
