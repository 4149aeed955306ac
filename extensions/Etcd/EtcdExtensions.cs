namespace Interlook.Extensions.Etcd;

/// <summary>What this folder adds to Interlook.</summary>
public static class EtcdExtensions
{
    /// <summary>The name of the step that publishes records for CoreDNS and SkyDNS.</summary>
    public const string SkyDns = "dns.skydns";

    /// <summary>Adds <c>dns.skydns</c>.</summary>
    public static ExtensionCatalog AddEtcd(this ExtensionCatalog catalog) => catalog.Add(
        SkyDns, SkyDnsOptions.SettingsSchema, (options, context) => new SkyDnsProvisioner(options, context));
}
