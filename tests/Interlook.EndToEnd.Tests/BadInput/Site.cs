using Interlook.Fixtures;

namespace Interlook.EndToEnd.Tests.BadInput;

/// <summary>A folder with a configuration and three services, and what of its messages differs from run to run.</summary>
internal sealed class Site : IDisposable
{
    /// <summary>Services from files, leases, nothing outside.</summary>
    internal const string Configuration = """
        core:
          workflow: provider.file,ipam.ipalloc
          listenPort: {port}
          logFile: log
          checkFlowInterval: 1s
          flowEntriesFile: flowentries.db
        provider: { file: { path: services } }
        ipam: { ipalloc: { network_cidr: 192.168.99.0/24, db_file: leases.db } }

        """;

    private readonly TemporaryFolder folder = new();

    internal Site() => Directory.CreateDirectory(folder.File("services"));

    internal string Path => folder.Path;

    internal string File(string name) => folder.File(name);

    /// <summary>Writes a good service of its own file.</summary>
    internal void Publish(string name, string? host = null) => System.IO.File.WriteAllText(
        folder.File($"services/{name}.yml"), $"name: {name}\nhosts: [{host ?? $"{name}.example.org"}]\ntargets: [{{ host: 10.0.0.7, port: 80 }}]\n");

    /// <summary>A message as the table has it: one without the folder's path and without a last line feed.</summary>
    internal string Plain(string message) => message.Replace(folder.Path + "/", "", StringComparison.Ordinal).Replace(folder.Path, ".", StringComparison.Ordinal).TrimEnd();

    public void Dispose() => folder.Dispose();
}
