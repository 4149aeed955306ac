namespace Interlook.Extensions.BigIp;

/// <summary>What this folder adds to Interlook.</summary>
public static class BigIpExtensions
{
    /// <summary>The name of the step that publishes services on F5 BIG-IP.</summary>
    public const string F5Ltm = "lb.f5ltm";

    /// <summary>Adds <c>lb.f5ltm</c>.</summary>
    public static ExtensionCatalog AddBigIp(this ExtensionCatalog catalog) => catalog.Add(
        F5Ltm, BigIpOptions.SettingsSchema, (options, context) => new BigIpProvisioner(options, context), "provisioner.f5ltm");
}
