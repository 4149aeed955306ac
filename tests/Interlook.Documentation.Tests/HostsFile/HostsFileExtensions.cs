namespace Interlook.Extensions.HostsFile;

/// <summary>Registers <c>dns.hostsfile</c>.</summary>
public static class HostsFileExtensions
{
    /// <summary>Adds <c>dns.hostsfile</c>, which writes names into a hosts file.</summary>
    public static ExtensionCatalog AddHostsFile(this ExtensionCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.Add(
            "dns.hostsfile", HostsFileOptions.SettingsSchema, (options, context) => new HostsFileProvisioner(options, context));
    }
}
