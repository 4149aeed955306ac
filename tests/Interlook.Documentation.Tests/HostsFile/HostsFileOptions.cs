using Interlook.Configuration;

namespace Interlook.Extensions.HostsFile;

/// <summary>The settings of <c>dns.hostsfile</c>.</summary>
internal sealed class HostsFileOptions
{
    /// <summary>The hosts file.</summary>
    /// <value>Default: /etc/hosts.</value>
    public string File { get; set; } = "/etc/hosts";

    /// <summary>The most names that stand in one line; programs that read hosts files have short buffers.</summary>
    /// <value>Default: 30.</value>
    public int LargestLine { get; set; } = 30;

    /// <summary>The settings as the host reads them.</summary>
    internal static SettingsSchema<HostsFileOptions> SettingsSchema { get; } = Configuration.SettingsSchema.For<HostsFileOptions>()
        .Text("file", (options, path) => options.File = path, "The hosts file. It must exist.", shown: "/etc/hosts")
        .Number(
            "largestLine", (options, names) => options.LargestLine = names,
            "The most names of one service.", min: 1, max: 1000, shown: "30");
}
