namespace Interlook.Extensions.Ipalloc;

/// <summary>Registers <c>ipam.ipalloc</c>.</summary>
public static class IpallocExtensions
{
    /// <summary>Adds <c>ipam.ipalloc</c>, which leases addresses from a range of its own.</summary>
    public static ExtensionCatalog AddIpalloc(this ExtensionCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.Add(
            "ipam.ipalloc",
            IpallocOptions.SettingsSchema,
            (options, context) => new IpallocProvisioner(options, context),
            "provisioner.ipalloc");
    }
}
