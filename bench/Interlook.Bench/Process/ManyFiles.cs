using System.Text;
using Interlook.Fixtures;

namespace Interlook.Bench.Process;

/// <summary>Interlook with services from files and addresses from a pool: nothing outside.</summary>
internal sealed class ManyFiles(TemporaryFolder folder)
{
    private const int ServicesInFile = 100;
    private const string Workflow = "provider.file,ipam.ipalloc";

    /// <summary>Writes so many services.</summary>
    public void Write(int services)
    {
        Directory.CreateDirectory(folder.File("services"));
        for (var first = 0; first < services; first += ServicesInFile)
        {
            var text = new StringBuilder();
            for (var i = first; i < Math.Min(services, first + ServicesInFile); i++)
            {
                text.Append(
                    $"---\nname: service-{i}\nhosts: [service-{i}.example.org]\ntargets:\n  - host: 10.9.{i >> 8}.{i & 255}\n    port: 8080\n");
            }
            File.WriteAllText(folder.File($"services/{first}.yml"), text.ToString());
        }
    }

    public Task<InterlookProcess> StartAsync() => InterlookProcess.StartAsync(folder.Path, Workflow, $"""
        provider:
          file:
            path: {folder.Path}/services
        ipam:
          ipalloc:
            network_cidr: 10.0.0.0/16
            db_file: {folder.Path}/leases.db
        """);
}
