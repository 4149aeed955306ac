namespace Interlook.Extensions.Files;

/// <summary>Registers <c>provider.file</c>.</summary>
public static class FilesExtensions
{
    /// <summary>Adds <c>provider.file</c>, which reads services from YAML files.</summary>
    public static ExtensionCatalog AddFiles(this ExtensionCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.Add("provider.file", FilesOptions.SettingsSchema, (options, context) => new FileProvider(options, context));
    }
}
