using System.Text;
using System.Text.Json;

namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>What a credential plugin is told of the cluster when it asks (<c>provideClusterInfo</c>), as the request has it.</summary>
internal static class ExecCluster
{
    private const string OfPlugins = "client.authentication.k8s.io/exec";

    /// <summary>The JSON object <c>spec.cluster</c> of an ExecCredential.</summary>
    internal static byte[] Of(KubeconfigCluster cluster)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteIf(json, "server", cluster.Server);
            WriteIf(json, "tls-server-name", cluster.TlsServerName);
            if (cluster.InsecureSkipTlsVerify)
                json.WriteBoolean("insecure-skip-tls-verify", true);
            WriteIf(json, "certificate-authority-data", cluster.CertificateAuthorityText ?? ReadAuthority(cluster));
            WriteIf(json, "proxy-url", cluster.ProxyUrl);
            if ((cluster.Extensions ?? []).FirstOrDefault(extension => extension.Name == OfPlugins)?.Extension is { } config)
            {
                json.WritePropertyName("config");
                config.WriteTo(json);
            }
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    // A file that cannot be read is told by the connection that needs it.
    private static string? ReadAuthority(KubeconfigCluster cluster) =>
        cluster.CertificateAuthority is { Length: > 0 } path && Path.GetFullPath(path, cluster.Folder) is var file && File.Exists(file)
            ? Convert.ToBase64String(Encoding.UTF8.GetBytes(File.ReadAllText(file)))
            : null;

    private static void WriteIf(Utf8JsonWriter json, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            json.WriteString(name, text);
    }
}
