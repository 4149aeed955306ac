using System.Globalization;
using System.Net;

namespace Interlook.Fixtures.Networks;

/// <summary>
/// A small network of its own: machines, each a namespace, on two switches, each a bridge. On the front, <c>eth0</c>, clients meet the
/// nodes; on the back, <c>eth1</c>, nodes meet what steers them. Every machine has an address of IPv4 and IPv6 on both. Nothing of it is
/// seen by the machine it runs on.
/// </summary>
public sealed class NetworkLaboratory : IAsyncDisposable
{
    private readonly List<LaboratoryMachine> machines = [];
    private readonly NetworkNamespace switches;

    private NetworkLaboratory(NetworkNamespace switches) => this.switches = switches;

    /// <summary>The machines in the order they were named.</summary>
    public IReadOnlyList<LaboratoryMachine> Machines => machines;

    /// <summary>A machine by its name.</summary>
    public LaboratoryMachine this[string name] => machines.Single(machine => machine.Name == name);

    /// <summary>Builds one.</summary>
    /// <param name="names">The machines, <c>node1</c>; at most 99.</param>
    public static async Task<NetworkLaboratory> CreateAsync(params string[] names)
    {
        var laboratory = new NetworkLaboratory(await NetworkNamespace.CreateAsync("switches"));
        try
        {
            // Without snooping a switch floods multicast, as one does that has seen no querier.
            await laboratory.switches.IpAsync(
                "link add front type bridge mcast_snooping 0", "link set front up", "link add back type bridge mcast_snooping 0", "link set back up");
            foreach (var name in names)
                await laboratory.ConnectAsync(name);
            foreach (var machine in laboratory.machines)
                await laboratory.AwaitAsync(machine);
            return laboratory;
        }
        catch
        {
            await laboratory.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds a machine.</summary>
    public async Task<LaboratoryMachine> AddAsync(string name)
    {
        var machine = await ConnectAsync(name);
        await AwaitAsync(machine);
        return machine;
    }

    /// <summary>Gives a machine its interface to a network again, with its addresses, after it was removed.</summary>
    public async Task PlugInAsync(LaboratoryMachine machine, LaboratoryNetwork network)
    {
        ArgumentNullException.ThrowIfNull(machine);
        await ConnectAsync(machine, network);
        await AwaitAsync(machine, network);
    }

    /// <summary>Pulls the cable: the machine's interface has no carrier.</summary>
    public Task UnplugAsync(LaboratoryMachine machine, LaboratoryNetwork network) => switches.IpAsync($"link set {PortOf(machine, network)} down");

    /// <summary>Puts the cable in again.</summary>
    public async Task PlugAsync(LaboratoryMachine machine, LaboratoryNetwork network)
    {
        ArgumentNullException.ThrowIfNull(machine);
        await switches.IpAsync($"link set {PortOf(machine, network)} up");
        await AwaitAsync(machine, network);
    }

    /// <summary>Loses every frame from and to the machine, who sees nothing of it.</summary>
    public Task CutAsync(LaboratoryMachine machine, LaboratoryNetwork network) => BridgeAsync(machine, network, "0");

    /// <summary>Ends a <see cref="CutAsync"/>.</summary>
    public Task JoinAsync(LaboratoryMachine machine, LaboratoryNetwork network) => BridgeAsync(machine, network, "3");

    /// <summary>An address of the front that no machine has.</summary>
    /// <param name="number">1 to 99.</param>
    public static IPAddress FreeAddress(int number) => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.99.0.{100 + number}"));

    /// <summary>An IPv6 address of the front that no machine has.</summary>
    public static IPAddress FreeIpv6Address(int number) => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"fd99::1:{number}"));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var machine in machines)
            await machine.Namespace.DisposeAsync();
        await switches.DisposeAsync();
    }

    private async Task<LaboratoryMachine> ConnectAsync(string name)
    {
        var machine = new LaboratoryMachine(name, machines.Count + 1, await NetworkNamespace.CreateAsync(name));
        machines.Add(machine);
        await ConnectAsync(machine, LaboratoryNetwork.Front);
        await ConnectAsync(machine, LaboratoryNetwork.Back);
        return machine;
    }

    private async Task ConnectAsync(LaboratoryMachine machine, LaboratoryNetwork network)
    {
        var (port, link) = (PortOf(machine, network), LaboratoryMachine.LinkOf(network));
        await switches.IpAsync(
            $"link add {port} type veth peer name {link} netns {machine.Namespace.Name}",
            $"link set {port} master {BridgeOf(network)}",
            $"link set {port} up");
        await machine.Namespace.IpAsync(
            $"link set {link} up",
            $"address add {machine.AddressOn(network)}/24 dev {link}",
            $"address add {machine.Ipv6AddressOn(network)}/64 dev {link} nodad");
    }

    private async Task AwaitAsync(LaboratoryMachine machine)
    {
        await AwaitAsync(machine, LaboratoryNetwork.Front);
        await AwaitAsync(machine, LaboratoryNetwork.Back);
    }

    // The kernel makes use of a new carrier up to a second after it came; until then it drops what is sent.
    private Task AwaitAsync(LaboratoryMachine machine, LaboratoryNetwork network) => Eventually.TrueAsync(
        $"{machine.Name} is on the network",
        async () => await IsUpAsync(switches, PortOf(machine, network)) && await IsUpAsync(machine.Namespace, LaboratoryMachine.LinkOf(network)));

    private static async Task<bool> IsUpAsync(NetworkNamespace where, string link) =>
        (await where.ShowAsync($"-br link show dev {link}")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] == "UP";

    // A port of a bridge in the state "disabled" (0) drops what comes and goes, and keeps its carrier; in "forwarding" (3) it works.
    private async Task BridgeAsync(LaboratoryMachine machine, LaboratoryNetwork network, string state)
    {
        var (code, output) = await switches.RunAsync("bridge", "link", "set", "dev", PortOf(machine, network), "state", state);
        if (code != 0)
            throw new InvalidOperationException(output);
    }

    private static string BridgeOf(LaboratoryNetwork network) => network == LaboratoryNetwork.Front ? "front" : "back";

    private static string PortOf(LaboratoryMachine machine, LaboratoryNetwork network) =>
        string.Create(CultureInfo.InvariantCulture, $"{BridgeOf(network)}{machine.Number}");
}
