using Interlook.Bench.Docker;
using Interlook.Fixtures;

namespace Interlook.Bench.Process;

/// <summary>Resident memory of the executable with 100 running containers through ipam.ipalloc, dns.consul and lb.haproxy; beside one with none.</summary>
internal sealed class Memory : IBenchmark
{
    private const int Count = 100;
    private const int AtOnce = 8;
    private const double Goal = 80;

    private static readonly TimeSpan Watched = TimeSpan.FromMinutes(1);

    public string Name => "memory";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        await using var consul = new ConsulAgent();
        await consul.StartAsync();
        await using var haproxy = await HAProxyServer.StartNewAsync();
        await using var docker = await DockerEngine.StartAsync();
        using var folder = new TemporaryFolder();
        await using var interlook = await InterlookProcess.StartAsync(
            folder.Path, "provider.docker,ipam.ipalloc,dns.consul,lb.haproxy", Sections(folder, docker, consul, haproxy));
        await interlook.UntilDeployedAsync(0);
        var floor = interlook.ResidentMegabytes;
        var names = Enumerable.Range(0, Count).Select(i => $"web-{i}").ToArray();
        Containers.Create(docker, names, Containers.Published);
        await Parallel.ForEachAsync(names.Chunk((Count + AtOnce - 1) / AtOnce), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stopping }, (mine, _) =>
        {
            using var daemon = Containers.Connect(docker);
            foreach (var name in mine)
                Containers.Start(daemon, name);
            return ValueTask.CompletedTask;
        });
        await interlook.UntilDeployedAsync(Count);
        var settled = interlook.ResidentMegabytes;
        await Task.Delay(Watched, TimeProvider.System, stopping);
        var after = interlook.ResidentMegabytes;
        return
        [
            new Figure($"resident memory, {Count} containers just deployed", settled, "MB", $"<= {Goal} MB", settled <= Goal, floor),
            new Figure($"resident memory, {Count} containers, a minute later", after, "MB", $"<= {Goal} MB", after <= Goal, floor),
            new Figure("of it not backed by files", interlook.AnonymousMegabytes, "MB"),
        ];
    }

    private static string Sections(TemporaryFolder folder, DockerEngine docker, ConsulAgent consul, HAProxyServer haproxy) => $"""
        provider:
          docker:
            endpoint: {docker.Endpoint}
            targetNetwork: bridge
        ipam:
          ipalloc:
            network_cidr: 127.88.0.0/24
            db_file: {folder.Path}/leases.db
        dns:
          consul:
            url: {consul.Url}
            domain: example.org
        lb:
          haproxy:
            configFile: {haproxy.ConfigFile}
            masterSocket: {haproxy.MasterSocket}
            otherConfigFiles: [{haproxy.ForeignConfigFile}]
            binary: {haproxy.Binary}
            httpPort: {haproxy.HttpPort}
            httpsPort: {haproxy.HttpsPort}
        """;
}
