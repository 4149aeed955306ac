namespace Interlook.Extensions.Kemp;

/// <summary>Registers <c>lb.kemplm</c>.</summary>
public static class KempExtensions
{
    /// <summary>The name of the step.</summary>
    public const string LoadMaster = "lb.kemplm";

    /// <summary>Adds <c>lb.kemplm</c>, which makes virtual services on a Kemp LoadMaster.</summary>
    public static ExtensionCatalog AddKemp(this ExtensionCatalog catalog) => catalog.Add(
        LoadMaster, KempOptions.SettingsSchema, (options, context) => new KempProvisioner(options, context), "provisioner.kemplm");
}
