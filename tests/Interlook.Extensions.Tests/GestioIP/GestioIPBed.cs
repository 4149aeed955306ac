using System.Security.Cryptography.X509Certificates;
using Interlook.Configuration;
using Interlook.Extensions.GestioIP;
using Interlook.Services;
using Interlook.Simulators;
using Interlook.Simulators.Faults;
using Interlook.Simulators.GestioIP;
using Interlook.Specification;

namespace Interlook.Extensions.Tests.GestioIP;

/// <summary>A simulated GestioIP with a network, and provisioners for it.</summary>
internal sealed class GestioIPBed : IAsyncDisposable
{
    internal const string Network = "192.168.99.0/24";

    private static readonly string[] Reads =
        ["listNetworks", "readNetwork", "usedNetworkAddresses", "listHosts", "readHost", "version", "firstFreeNetworkAddress", "freeNetworkAddresses"];

    private readonly List<GestioIPProvisioner> made = [];

    internal GestioIPAppliance GestioIP { get; } = new();

    internal Inventory Inventory => GestioIP.Inventory;

    internal RunningAppliance Running { get; private set; } = null!;

    /// <summary>The clock of provisioners' deadlines.</summary>
    internal ManualTimeProvider Time { get; } = new();

    /// <summary>The request types so far, in order.</summary>
    internal IEnumerable<string> Requests => Running.Calls.Select(GestioIPAppliance.TypeOf);

    /// <summary>Those that change something.</summary>
    internal IEnumerable<string> Writes => Requests.Where(type => !Reads.Contains(type));

    internal static async Task<GestioIPBed> StartAsync(
        X509Certificate2? certificate = null, Func<IAppliance, IAppliance>? wrap = null, params string[] networks)
    {
        var bed = new GestioIPBed();
        foreach (var network in networks.DefaultIfEmpty(Network))
            bed.Inventory.AddNetwork(network);
        bed.Running = await RunningAppliance.StartAsync(wrap is null ? bed.GestioIP : wrap(bed.GestioIP), certificate);
        return bed;
    }

    /// <summary>Makes a provisioner, not started.</summary>
    internal GestioIPProvisioner Create(string instance = "test", Action<GestioIPOptions>? configure = null, params string[] networks)
    {
        var options = new GestioIPOptions
        {
            Endpoint = new Uri(Running.Url, "gestioip"),
            Username = "api",
            Password = new Secret("apiPassw0rd"),
            Networks = [.. networks.DefaultIfEmpty(Network).Select(ReservableNetwork.Parse)],
        };
        configure?.Invoke(options);
        var provisioner = new GestioIPProvisioner(options, TestContexts.Create(GestioIPExtensions.GestioIP, instance, Time));
        made.Add(provisioner);
        return provisioner;
    }

    /// <summary>Makes a provisioner, starts it, and forgets the calls of that.</summary>
    internal async Task<GestioIPProvisioner> StartProvisionerAsync(
        CancellationToken stopping, string instance = "test", Action<GestioIPOptions>? configure = null, params string[] networks)
    {
        var provisioner = Create(instance, configure, networks);
        await provisioner.StartAsync(stopping);
        Running.ForgetCalls();
        return provisioner;
    }

    /// <summary>Plans a fault for a request type, whether it comes as a query or as a form.</summary>
    internal void Plan(FaultKind kind, string type, int times = 1, int status = 503)
    {
        var isRead = Reads.Contains(type);
        Running.Faults.Add(new Fault(kind, isRead ? (_, path) => path.Contains($"request_type={type}&", StringComparison.Ordinal) : null, times)
        {
            MatchesBody = isRead ? null : body => body.Contains($"request_type={type}&", StringComparison.Ordinal),
            Status = status,
        });
    }

    /// <summary>Every host with our kind of tag: address and comment.</summary>
    internal string[] Reservations() =>
        [.. Inventory.Hosts.Where(host => host.Comment.StartsWith("interlook:", StringComparison.Ordinal)).Select(host => $"{host.Address} {host.Comment}")];

    internal static ServiceKey Key(string service) => new(ServiceKey.DefaultWorkflow, service);

    internal static ServiceDefinition Define(string service, string? address = null) => new()
    {
        Name = service,
        Provider = "provider.test",
        Targets = [new("10.0.0.1", 8080)],
        DnsNames = [$"{service}.example.org"],
        PublicIp = address is null ? null : System.Net.IPAddress.Parse(address),
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var provisioner in made)
            await provisioner.StopAsync(CancellationToken.None);
        await Running.DisposeAsync();
    }
}
