using System.Net;
using System.Net.Sockets;
using Interlook.Collections;
using Interlook.Extensions.TcpBalancer;
using Interlook.Fixtures;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.TcpBalancer;

/// <summary>A started balancer with ports of its own, and clients for it.</summary>
internal sealed class RunningBalancer : IAsyncDisposable
{
    private readonly Dictionary<ServiceKey, ServiceDefinition> applied = [];

    private RunningBalancer(TcpBalancerOptions options, TcpBalancerProvisioner provisioner) => (Options, Provisioner) = (options, provisioner);

    public TcpBalancerOptions Options { get; }

    public TcpBalancerProvisioner Provisioner { get; }

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public static async Task<RunningBalancer> StartAsync(Action<TcpBalancerOptions>? change = null, TimeProvider? time = null)
    {
        var options = new TcpBalancerOptions
        {
            HttpPort = TestMachine.FreePort(),
            HttpsPort = TestMachine.FreePort(),
            CheckInterval = TimeSpan.FromMilliseconds(100),
            Threads = 2,
        };
        change?.Invoke(options);
        var provisioner = new TcpBalancerProvisioner(options, TestContexts.Create("lb.embedded", time: time));
        await provisioner.StartAsync(Stopping);
        return new RunningBalancer(options, provisioner);
    }

    public static ServiceDefinition Define(string address, params EquatableArray<Target> targets) => Define("shop", address, targets);

    public static ServiceDefinition Define(string name, string address, EquatableArray<Target> targets) => new()
    {
        Name = name,
        Provider = "provider.test",
        PublicIp = IPAddress.Parse(address),
        Targets = targets,
    };

    public static ServiceKey Key(string name) => new(ServiceKey.DefaultWorkflow, name);

    public async Task<ServiceDefinition> DeployAsync(ServiceDefinition definition)
    {
        var key = Key(definition.Name);
        EquatableArray<ServiceDefinition> earlier = applied.TryGetValue(key, out var before) ? [before] : [];
        return applied[key] = await Provisioner.DeployAsync(key, definition, earlier, Stopping);
    }

    public async Task UndeployAsync(string name)
    {
        await Provisioner.UndeployAsync(Key(name), [applied[Key(name)]], Stopping);
        applied.Remove(Key(name));
    }

    public ServiceCondition? Find(string name = "shop") => Provisioner.Find(Key(name));

    public TargetCondition Target(int port) => Find()!.Targets.Single(target => target.Target.Port == port);

    /// <summary>Connects to a service, on <c>httpPort</c> unless another is given.</summary>
    public async Task<Socket> ConnectAsync(string address, int? port = null)
    {
        var ip = IPAddress.Parse(address);
        var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(ip, port ?? Options.HttpPort), Stopping);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Waits until a target fares so.</summary>
    public Task UntilAsync(int port, TargetHealth health) => Eventually.TrueAsync($"the target on port {port} is {health}", () => Target(port).Health == health);

    public async ValueTask DisposeAsync() => await Provisioner.StopAsync(CancellationToken.None);
}
