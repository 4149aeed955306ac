using System.Text;
using Interlook.Configuration;
using Interlook.Extensions;

namespace Interlook.Host.Configuration;

/// <summary>Writes the configuration reference from the schemas, so that it cannot differ from what is read.</summary>
internal static class ConfigurationReference
{
    private const string Introduction = """
        # Configuration

        Generated from the settings' schemas by `interlook docs configuration`; a test fails when this page is stale.

        A configuration is one YAML document. Its sections are `core`, `workflows`, and one for each extension: `provider.docker` stands under
        `provider:` and there under `docker:`. Keys are matched without regard to case. A key that is unknown, written twice, of the wrong kind
        or out of range is an error; `interlook check --conf FILE` prints all of them at once, each with file, line and column.

        - **Nothing** (`domain:`, `""`, `~` or `null`) means that the key is not set.
        - **Durations** are numbers with the units `h`, `m`, `s`, `ms` in falling order: `5s`, `10m`, `1h30m`; a bare number is seconds.
        - **Lists** are a YAML sequence, or one text.
        - **Variables**: `${NAME}` in any value is the environment variable NAME; one that is not set is an error. `$${` stands for `${` itself.
          A message never shows what a variable held. In flow style (`[...]`, `{...}`) put quotes around such a value.
        - **Secrets** are given directly, by a variable, or by the key with `File` at its end, which names a file that holds the secret.
          Setting both is an error, and so is a secret whose variable is empty. A secret appears in no log, answer or message.
        - **Paths** that are relative begin at the working folder.
        - Anchors, aliases, merge keys, tags and a second document are errors: every setting stands where it is used.

        ## workflows

        `core.workflow` names the steps of the workflow `default`. More workflows stand under `workflows:`, by name (a-z, 0-9 and the hyphen), each
        written in the same way. Both may be used together. Each workflow begins with a provider and names each step once; every step has a section,
        be it an empty one (`docker:`). A section that no workflow uses is allowed, and is checked. The names of earlier versions,
        `provisioner.PRODUCT`, are accepted for steps.

        ```yaml
        core:
          workflow: provider.docker,ipam.ipalloc,dns.consul
        workflows:
          intern: provider.file,ipam.ipalloc
          edge:
            - provider.swarm
            - ipam.ipalloc
            - lb.haproxy
        ```

        """;

    internal static string Write(ExtensionCatalog catalog)
    {
        var page = new StringBuilder(Introduction.Replace("\r", "", StringComparison.Ordinal));
        Section(page, "core", CoreSettings.Schema, "");
        foreach (var extension in catalog.All)
        {
            var aliases = extension.Aliases.Count == 0 ? "" : $"As a step also called {string.Join(", ", extension.Aliases.Select(alias => $"`{alias}`"))}.";
            Section(page, extension.Name, extension.Schema, aliases);
        }
        return page.ToString();
    }

    private static void Section(StringBuilder page, string path, SettingsSchema schema, string remark)
    {
        page.Append('\n').Append("## ").Append(path).Append("\n\n");
        if (remark.Length > 0)
            page.Append(remark).Append("\n\n");
        if (schema.Settings.IsEmpty)
        {
            page.Append("No settings.\n");
            return;
        }
        page.Append("| key | kind | default | allowed | meaning |\n| --- | --- | --- | --- | --- |\n");
        foreach (var setting in schema.Settings)
        {
            var names = string.Join(" or ", ((IEnumerable<string>)[setting.Name, .. setting.Aliases]).Select(name => $"`{name}`"));
            var initially = setting.Required ? "required" : setting.Default.Contains(' ', StringComparison.Ordinal) || setting.Default.Length == 0 ? setting.Default : $"`{setting.Default}`";
            page.Append($"| {names} | {Kind(setting.Kind)} | {Cell(initially)} | {Cell(setting.Allowed)} | {Cell(setting.Help)} |\n");
        }
    }

    private static string Kind(SettingKind kind) => kind switch
    {
        SettingKind.SecretFile => "path",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
