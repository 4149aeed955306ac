using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Interlook.Host.Commands;

/// <summary><c>interlook version</c>: what this executable is.</summary>
internal static class VersionCommand
{
    /// <summary>The version, with the commit it was built from when that is known.</summary>
    internal static string Version =>
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    internal static Command Build()
    {
        var output = OutputFormat.Option();
        var command = new Command("version", "Show the version.") { output };
        command.SetAction((parsed, _) => ShowAsync(parsed.GetValue(output)));
        return command;
    }

    private static async Task<int> ShowAsync(string? format)
    {
        if (format == OutputFormat.Json)
        {
            var parts = Version.Split('+', 2);
            using var buffer = new MemoryStream();
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                json.WriteString("version", parts[0]);
                if (parts.Length > 1)
                    json.WriteString("commit", parts[1]);
                json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
                json.WriteEndObject();
            }
            await Console.Out.WriteLineAsync(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
        }
        else
        {
            await Console.Out.WriteLineAsync($"interlook {Version} on {RuntimeInformation.FrameworkDescription}");
        }
        return ExitCode.Success;
    }
}
