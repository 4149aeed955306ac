namespace Interlook.Extensions.EmbeddedDns;

/// <summary>Registers <c>dns.embedded</c>.</summary>
public static class EmbeddedDnsExtensions
{
    /// <summary>The step's name.</summary>
    public const string Dns = "dns.embedded";

    /// <summary>Adds <c>dns.embedded</c>, an authoritative DNS server within Interlook.</summary>
    public static ExtensionCatalog AddEmbeddedDns(this ExtensionCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.Add(
            Dns, EmbeddedDnsOptions.SettingsSchema, (options, context) => new EmbeddedDnsProvisioner(options, context));
    }
}
