namespace Interlook.Extensions.GestioIP;

/// <summary>What this folder adds to Interlook.</summary>
public static class GestioIPExtensions
{
    /// <summary>The name of the step that reserves addresses in GestioIP.</summary>
    public const string GestioIP = "ipam.gestioip";

    /// <summary>Adds <c>ipam.gestioip</c>, also written <c>provisioner.gestioip</c>.</summary>
    public static ExtensionCatalog AddGestioIP(this ExtensionCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.Add(
            GestioIP, GestioIPOptions.SettingsSchema, (options, context) => new GestioIPProvisioner(options, context), "provisioner.gestioip");
    }
}
