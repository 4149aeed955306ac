namespace Interlook.Extensions.Consul;

/// <summary>What this folder adds to Interlook.</summary>
public static class ConsulExtensions
{
    /// <summary>The name of the step that registers DNS names.</summary>
    public const string Dns = "dns.consul";

    /// <summary>The name of the provider that watches the catalog.</summary>
    public const string Catalog = "provider.consul";

    /// <summary>Adds <c>dns.consul</c>, <c>provisioner.consul</c> in the earlier system's documentation, and <c>provider.consul</c>.</summary>
    public static ExtensionCatalog AddConsul(this ExtensionCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog
            .Add(Dns, ConsulDnsOptions.SettingsSchema, (options, context) => new ConsulDnsProvisioner(options, context), "provisioner.consul")
            .Add(Catalog, ConsulCatalogOptions.SettingsSchema, (options, context) => new ConsulCatalogProvider(options, context));
    }
}
