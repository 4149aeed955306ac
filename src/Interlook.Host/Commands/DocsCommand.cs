using System.CommandLine;
using Interlook.Host.Configuration;

namespace Interlook.Host.Commands;

/// <summary><c>interlook docs configuration</c>: writes the generated pages of the documentation; for those who build Interlook.</summary>
internal static class DocsCommand
{
    internal static Command Build()
    {
        var configuration = new Command("configuration", "Write docs/configuration.md to standard output.");
        configuration.SetAction(async (_, _) =>
        {
            await Console.Out.WriteAsync(ConfigurationReference.Write(BuiltInExtensions.Catalog));
            return ExitCode.Success;
        });
        return new Command("docs", "Write generated documentation.") { Hidden = true, Subcommands = { configuration } };
    }
}
