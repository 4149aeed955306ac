using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Interlook.Extensions.TcpBalancer;
using Interlook.Fixtures;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.TcpBalancer;

public sealed class TcpBalancerProvisionerSpecification : ProvisionerSpecification
{
    private readonly int port = TestMachine.FreePort();
    private readonly List<TcpBalancerProvisioner> made = [];
    private readonly HashSet<ServiceKey> keys = [.. OddNames.All.Select(Key), .. OddNames.All.Select(name => new ServiceKey("other-workflow", name))];
    private readonly List<TcpListener> foreign = [];

    /// <summary>A socket is one process's; another Interlook meets it as a port in use.</summary>
    protected override bool IsShared => false;

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreign.ForEach(listener => listener.Dispose());
    }

    protected override IProvisioner Create(string instance)
    {
        var provisioner = new TcpBalancerProvisioner(
            new TcpBalancerOptions { HttpPort = port, HttpsPort = port == 65535 ? 1024 : port + 1, Threads = 1 }, TestContexts.Create("lb.embedded", instance));
        made.Add(provisioner);
        return provisioner;
    }

    protected override ServiceDefinition Define(string service, int number, int revision = 0)
    {
        keys.Add(Key(service));
        return base.Define(service, number, revision);
    }

    /// <summary>The listening sockets, and between which targets the connections are shared out.</summary>
    protected override Task<IReadOnlyCollection<string>> ReadOutsideAsync()
    {
        var listeners = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
            .Where(endpoint => endpoint.Port == port && IsHeld(endpoint))
            .Select(endpoint => $"listens {endpoint}");
        var targets = from provisioner in made
                      from key in keys
                      from target in provisioner.Find(key)?.Targets ?? []
                      select $"{key.Path} {target.Target.Endpoint} weight {target.Target.Weight}";
        return Task.FromResult<IReadOnlyCollection<string>>([.. listeners, .. targets]);
    }

    /// <summary>
    /// False for a socket that this process has closed: a process that another test is just starting holds a copy until it runs its program.
    /// </summary>
    private static bool IsHeld(IPEndPoint endpoint)
    {
        // proc(5), /proc/net/tcp: the address in the machine's byte order, the port in the network's, the state (0A listens), and the inode.
        var address = $"{BitConverter.ToUInt32(endpoint.Address.GetAddressBytes()):X8}:{endpoint.Port:X4}";
        var inode = File.ReadLines("/proc/net/tcp")
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(words => words[1] == address && words[3] == "0A")?[9];
        return inode is not null && Directory.EnumerateFiles("/proc/self/fd").Any(file => new FileInfo(file).LinkTarget == $"socket:[{inode}]");
    }

    protected override Task PlaceForeignAsync(ServiceDefinition definition)
    {
        var listener = new TcpListener(definition.PublicIp!, port);
        listener.Start();
        foreign.Add(listener);
        return Task.CompletedTask;
    }

    protected override Task RemoveForeignAsync(ServiceDefinition definition)
    {
        foreach (var listener in foreign.Where(listener => ((IPEndPoint)listener.LocalEndpoint).Address.Equals(definition.PublicIp)))
            listener.Stop();
        return Task.CompletedTask;
    }

    protected override Task RemoveByHandAsync(ServiceKey key, ServiceDefinition applied)
    {
        Assert.Skip("nobody else can close a socket of this process");
        return Task.CompletedTask;
    }

    protected override Task StopServerAsync()
    {
        Assert.Skip("there is no outside system that could be away");
        return Task.CompletedTask;
    }

    protected override Task StartServerAsync() => Task.CompletedTask;
}
