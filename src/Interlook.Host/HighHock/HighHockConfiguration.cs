using System.Text;

namespace Interlook.Host.HighHock;

/// <summary>The configuration of Interlook that does what HighHock did.</summary>
internal static class HighHockConfiguration
{
    /// <summary>Writes it.</summary>
    /// <param name="values">HighHock's settings.</param>
    /// <param name="port">The API's port.</param>
    /// <param name="entries">Where the entries are kept; null leaves that to Interlook's own default.</param>
    internal static string Write(HighHockValues values, int port, string? entries)
    {
        var text = new StringBuilder();
        text.Append($"""
            core:
              workflow: provider.docker,dns.skydns
              listenPort: {port}
              waitAtStart: true              # for an etcd or a Docker that comes up later

            """);
        if (entries is not null)
            text.Append($"  flowEntriesFile: {Quoted(entries)}\n");
        Append(text, values, HighHockSetting.Core);
        text.Append("""

            provider:
              docker:
                discovery: env

            """);
        Append(text, values, "provider.docker");
        text.Append("""

            dns:
              skydns:
                priority: 10
                weight: 20

            """);
        Append(text, values, "dns.skydns");
        return text.ToString();
    }

    private static void Append(StringBuilder text, HighHockValues values, string section)
    {
        var indent = section == HighHockSetting.Core ? "  " : "    ";
        foreach (var setting in HighHockSettings.All.Where(setting => setting.Section == section && setting.Shape != SettingShape.Port))
        {
            if (values.Of(setting) is not { Length: > 0 } value)
                continue;
            var written = string.Join(", ", setting.Texts(value).Select(Quoted));
            text.Append($"{indent}{setting.Key}: {(setting.Shape == SettingShape.List ? $"[{written}]" : written)}\n");
        }
    }

    /// <summary>As it is where YAML takes it for nothing else, or in quotes; no variable is filled in.</summary>
    private static string Quoted(string value)
    {
        var written = value.Replace("${", "$${", StringComparison.Ordinal);
        return value.Length > 0 && value.All(IsPlain) && char.IsAsciiLetterOrDigit(value[0]) && value[^1] != ':'
            && !value.Equals("null", StringComparison.OrdinalIgnoreCase)
                ? written
                : $"'{written.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '/' or ':' or '-' or '_';
}
