using System.Text;

namespace Interlook.Host.HighHock;

/// <summary>What <c>interlook highhock --help</c> says.</summary>
internal static class HighHockUsage
{
    private const int Column = 40;

    internal static string Text()
    {
        var text = new StringBuilder("""
            Runs as HighHock did: containers with DISCOVER=name:port become SkyDNS records in etcd.

            Usage:
              interlook highhock [FLAG VALUE]...

            Flags:

            """);
        Append(text, "-h, --help", "this page");
        Append(text, "-c, --config FILE", $"the configuration; default {HighHockFile.Usual}");
        Append(text, "--print-config", "shows the same as a configuration of Interlook, and ends");
        foreach (var setting in HighHockSettings.All)
        {
            var flags = setting.Shape == SettingShape.Switch ? setting.Flags : $"{setting.Flags} {Word(setting.Shape)}";
            var help = setting is { Default.Length: > 0, Shape: not SettingShape.Switch } ? $"{setting.Help}; default {setting.Default}" : setting.Help;
            Append(text, flags, help);
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, string flags, string help) => text.Append("  ").Append(flags.PadRight(Column)).Append(' ').Append(help).Append('\n');

    private static string Word(SettingShape shape) => shape switch
    {
        SettingShape.Seconds => "SECONDS",
        SettingShape.Port => "PORT",
        SettingShape.Level => "LEVEL",
        SettingShape.List => "URL",
        _ => "TEXT",
    };
}
