namespace Interlook.Host.Quickstart;

/// <summary>Everything the quickstart writes, in one temporary folder that goes with it.</summary>
internal sealed class QuickstartFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("interlook-quickstart-");

    /// <summary>The configuration, an example for one's own.</summary>
    internal string Configuration => Path.Combine(folder.FullName, "interlook.yml");

    /// <summary>The folder that <c>provider.file</c> watches.</summary>
    internal string Services => Path.Combine(folder.FullName, "services");

    /// <summary>Writes the configuration.</summary>
    internal void WriteConfiguration(QuickstartSettings settings)
    {
        var provider = settings.DockerSocket is null ? "file" : "docker";
        var source = settings.DockerSocket is { } socket
            ? $"endpoint: unix://{socket}"
            : $"path: {Services}                 # edit, add or delete files there while it runs";
        File.WriteAllText(Configuration, $"""
            core:
              workflow: provider.{provider},ipam.ipalloc,dns.embedded,lb.embedded
              listenPort: {settings.PagePort}
              logFile: {folder.FullName}/interlook.log
              flowEntriesFile: {folder.FullName}/flowentries.db

            provider:
              {provider}:
                {source}

            ipam:
              ipalloc:
                network_cidr: {QuickstartSettings.Network}
                db_file: {folder.FullName}/allocated.db

            dns:
              embedded:
                listen: 127.0.0.1:{settings.DnsPort}
                zones: [{QuickstartSettings.Zone}]
                httpPort: {settings.HttpPort}               # what SRV answers say

            lb:
              embedded:
                httpPort: {settings.HttpPort}

            """);
    }

    /// <summary>Writes two services: one with two targets, one with a wildcard among its names.</summary>
    /// <param name="first">The port of the first backend.</param>
    /// <param name="second">The port of the second.</param>
    /// <returns>How many services there are.</returns>
    internal int WriteServices(int first, int second)
    {
        Directory.CreateDirectory(Services);
        File.WriteAllText(Path.Combine(Services, "shop.yml"), $"""
            name: shop
            hosts: [shop.{QuickstartSettings.Zone}, www.{QuickstartSettings.Zone}]
            targets:
              - host: 127.0.0.1
                port: {first}
              - host: 127.0.0.1
                port: {second}

            """);
        File.WriteAllText(Path.Combine(Services, "wiki.yml"), $"""
            name: wiki
            hosts: [wiki.{QuickstartSettings.Zone}, "*.wiki.{QuickstartSettings.Zone}"]
            targets:
              - host: 127.0.0.1
                port: {second}

            """);
        return 2;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody has cleaned up before us.
        }
    }
}
