namespace Interlook.Extensions.ExternalIp;

/// <summary>What this folder adds to Interlook.</summary>
public static class ExternalIpExtensions
{
    /// <summary>The name of the step that puts a public address on a living node.</summary>
    public const string Vip = "vip.externalip";

    /// <summary>Adds <c>vip.externalip</c>.</summary>
    public static ExtensionCatalog AddExternalIp(this ExtensionCatalog catalog) => catalog.Add(
        Vip, ExternalIpOptions.SettingsSchema, (options, context) => new ExternalIpProvisioner(options, context, ClaimStores.Open));
}
