namespace Interlook.Extensions.Consul;

/// <summary>What this folder adds to Interlook.</summary>
public static class ConsulExtensions
{
    /// <summary>The name of the step that registers DNS names.</summary>
    public const string Dns = "dns.consul";

    /// <summary>Adds <c>dns.consul</c>; <c>provisioner.consul</c> in the earlier system's documentation.</summary>
    public static ExtensionCatalog AddConsul(this ExtensionCatalog catalog) => catalog.Add(
        Dns, ConsulDnsOptions.SettingsSchema, (options, context) => new ConsulDnsProvisioner(options, context), "provisioner.consul");
}
