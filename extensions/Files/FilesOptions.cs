using Interlook.Configuration;

namespace Interlook.Extensions.Files;

/// <summary>The settings of <c>provider.file</c>.</summary>
internal sealed class FilesOptions
{
    /// <summary>A file, or a folder of <c>*.yml</c> and <c>*.yaml</c>.</summary>
    /// <value>Required.</value>
    public string Path { get; set; } = "";

    /// <summary>How often the files are looked at, besides the system's notifications.</summary>
    /// <value>Default: 1 second.</value>
    public TimeSpan UpdateInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The settings as the host reads them.</summary>
    internal static SettingsSchema<FilesOptions> SettingsSchema { get; } = Configuration.SettingsSchema.For<FilesOptions>()
        .Text(
            "path", (options, path) => options.Path = path,
            "A file of services, or a folder whose `*.yml` and `*.yaml` files are read; sub-folders are not.", required: true)
        .Duration(
            "updateInterval", (options, interval) => options.UpdateInterval = interval,
            "How often the files are looked at. The system's own notifications make it faster where there are any.",
            TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), shown: "1s");
}
