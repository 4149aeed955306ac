using System.Net;
using Interlook.Fixtures.Networks;

namespace Interlook.Fixtures.ExternalIp;

/// <summary>
/// The claims mode as it runs: three nodes with an agent each, two machines with a scheduler each, the server that has the claims, and a
/// client, who watches. Between two tests everything is brought back to where it was.
/// </summary>
/// <param name="place">Where the claims are kept.</param>
/// <param name="program">The file of Interlook's program.</param>
/// <param name="variables">Variables that it needs.</param>
public sealed class VipLaboratory(IClaimsPlace place, string program, IReadOnlyDictionary<string, string> variables) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<MachineProgram> nodes = [];
    private readonly List<MachineProgram> schedulers = [];
    private NetworkLaboratory? network;
    private AnswerWatcher? watcher;
    private string[]? times;

    /// <summary>Flags of the examples: fast.</summary>
    public static IReadOnlyList<string> ShortTimes { get; } = ["--hb", "500ms", "--monitor", "1s"];

    /// <summary>Flags of an election that does not take longer than a test has patience.</summary>
    public static IReadOnlyList<string> ShortElection { get; } =
        ["--leader-elect", "--leader-elect-lease-duration", "3s", "--leader-elect-renew-deadline", "2s", "--leader-elect-retry-period", "500ms"];

    /// <summary>Where the claims are kept.</summary>
    public IClaimsPlace Place { get; } = place;

    /// <summary>The network that the machines are on.</summary>
    public NetworkLaboratory Network => network ?? throw new InvalidOperationException("the laboratory was not started");

    /// <summary>Who meets the nodes.</summary>
    public LaboratoryMachine Client => Network["client"];

    /// <summary>Asks all the time.</summary>
    public AnswerWatcher Watcher => watcher ?? throw new InvalidOperationException("the laboratory was not started");

    /// <summary>Every address that was asked for.</summary>
    public IReadOnlyCollection<WatchedAddress> Watched => watcher?.Addresses ?? [];

    /// <summary>The nodes.</summary>
    public IReadOnlyList<MachineProgram> Nodes => nodes;

    /// <summary>The machines that are for schedulers.</summary>
    public IReadOnlyList<MachineProgram> Schedulers => schedulers;

    /// <summary>Builds machines and server, unless they are there, and leaves nothing running on them and no claims.</summary>
    public async Task ClearAsync()
    {
        if (network is null)
            await BuildAsync();
        await RepairAsync();
        await Place.WithdrawAllAsync();
        if (times is not null)
            await EmptyAsync();
        await StopAllAsync();
        foreach (var name in (await Place.NodesAsync()).Keys)
            await Place.DeleteNodeAsync(name);
        times = null;
    }

    /// <summary>Brings all to rest: three nodes that know each other, two schedulers, no claims. The flags are those of all; none are the defaults.</summary>
    public async Task ReadyAsync(params IReadOnlyList<string> flags)
    {
        if (times is null || !times.SequenceEqual(flags))
            await ClearAsync();
        times = [.. flags];
        await RepairAsync();
        foreach (var scheduler in schedulers.Where(each => !each.IsRunning))
            await scheduler.StartAsync(["scheduler", "--hostname", scheduler.Name, .. ShortElection, .. Place.Flags, .. flags]);
        foreach (var node in nodes.Where(each => !each.IsRunning))
            await StartAsync(node);
        await Place.WithdrawAllAsync();
        await EmptyAsync();
        await AcquaintedAsync(nodes);
    }

    /// <summary>Starts a node's agent, with the flags of all and perhaps more.</summary>
    public Task StartAsync(MachineProgram node, params IReadOnlyList<string> more)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.StartAsync(["claimcontroller", "--hostname", node.Name, .. Place.Flags, .. times ?? [], .. more]);
    }

    /// <summary>
    /// Waits until some nodes have sent a heartbeat from now on, and name each other as those they ask without the store: only who is named may take over.
    /// </summary>
    public async Task AcquaintedAsync(params IReadOnlyList<MachineProgram> some)
    {
        var before = await Place.NodesAsync();
        await Eventually.TrueAsync(
            "the nodes know each other",
            async () =>
            {
                var records = await Place.NodesAsync();
                return some.All(node => records.TryGetValue(node.Name, out var record)
                    && (string?)record["Revision"] != (string?)before.GetValueOrDefault(node.Name)?["Revision"]
                    && record["status"]?["peers"]?.AsArray().Select(each => (string)each!).ToHashSet() is { } peers
                    && some.All(other => other == node || peers.Contains(other.Name)));
            },
            Patience);
    }

    /// <summary>The only node on whose interface an address is; null while there is none, or several.</summary>
    public async Task<MachineProgram?> FindAsync(IPAddress address)
    {
        var having = new List<MachineProgram>();
        foreach (var node in nodes)
        {
            if (await node.HasAsync(address))
                having.Add(node);
        }
        return having.Count == 1 ? having[0] : null;
    }

    /// <summary>Waits until an address is on one node alone, which is not a former one.</summary>
    public async Task<MachineProgram> HolderAsync(IPAddress address, MachineProgram? former = null)
    {
        MachineProgram? holder = null;
        await Eventually.TrueAsync($"one node has {address}", async () => (holder = await FindAsync(address)) is not null && holder != former, Patience);
        return holder!;
    }

    /// <summary>Watches addresses, asks for them, and waits until they all answer.</summary>
    public async Task AskAsync(string name, params IReadOnlyList<IPAddress> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        var watched = addresses.Select(Watcher.Watch).ToList();
        await Place.AskAsync(name, addresses);
        await AnsweringAsync(watched);
    }

    /// <summary>Asks for many addresses, half of them of IPv6, and waits until all answer.</summary>
    /// <param name="services">So many ask.</param>
    /// <param name="addressesOfEach">For so many, an even number.</param>
    public async Task<IReadOnlyList<WatchedAddress>> AskManyAsync(int services, int addressesOfEach)
    {
        var all = new List<WatchedAddress>();
        for (var service = 0; service < services; service++)
        {
            IPAddress[] addresses =
            [
                .. Enumerable.Range(service * addressesOfEach / 2, addressesOfEach / 2)
                    .SelectMany(number => new[] { new IPAddress([10, 99, (byte)(1 + number / 250), (byte)(1 + number % 250)]), IPAddress.Parse($"fd99::2:{number + 1:x}") }),
            ];
            all.AddRange(addresses.Select(Watcher.Watch));
            await Place.AskAsync($"many-{service}", addresses);
        }
        await AnsweringAsync(all);
        return all;
    }

    /// <summary>Waits until every one of some addresses answers a question that is asked from now on.</summary>
    public async Task AnsweringAsync(IReadOnlyCollection<WatchedAddress> watched)
    {
        var now = Watcher.Now;
        await Eventually.TrueAsync($"{watched.Count} addresses answer", () => watched.All(each => each.AnsweredAt > now), Patience);
    }

    /// <summary>Waits for so long that everything has happened that can.</summary>
    public static Task LetPassAsync(TimeSpan span) => Task.Delay(span, TimeProvider.System);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        watcher?.Dispose();
        foreach (var machine in nodes.Concat(schedulers))
            await machine.DisposeAsync();
        if (network is not null)
            await network.DisposeAsync();
        await Place.DisposeAsync();
    }

    private async Task BuildAsync()
    {
        await Place.StartAsync();
        network = await NetworkLaboratory.CreateAsync("node1", "node2", "node3", "client", "control1", "control2");
        // Addresses for services lie beside the network of the machines as well.
        await Client.Namespace.IpAsync("route add 10.99.0.0/16 dev eth0");
        foreach (var machine in network.Machines.Where(machine => machine != Client))
            (machine.Name.StartsWith("node", StringComparison.Ordinal) ? nodes : schedulers).Add(new(machine, NamespaceDoor.Open(machine.Namespace, Place.Endpoint), program, variables));
        foreach (var node in nodes)
        {
            // Whoever takes an interface down and up again gives the machine its own addresses again; those with an end, as ours have, go all the same.
            await node.Machine.Namespace.RunAsync("sysctl", "-w", "net.ipv6.conf.eth0.keep_addr_on_down=1");
        }
        watcher = await AnswerWatcher.StartAsync(Client);
    }

    /// <summary>Ends whatever a test has broken.</summary>
    private async Task RepairAsync()
    {
        await Place.StartAsync();
        foreach (var machine in nodes.Concat(schedulers))
        {
            machine.Door.Reopen();
            if (machine.IsRunning)
                await machine.ContinueAsync();
            await Network.JoinAsync(machine.Machine, LaboratoryNetwork.Front);
            await Network.PlugAsync(machine.Machine, LaboratoryNetwork.Front);
        }
    }

    private async Task EmptyAsync()
    {
        // Who is not there cannot let go of what it has, and nobody takes away what somebody has.
        foreach (var machine in nodes.Concat(schedulers).Where(each => !each.IsRunning))
            await machine.StartAsync();
        await Eventually.TrueAsync("there are no claims", async () => (await Place.ClaimsAsync()).Count == 0, Patience);
        foreach (var address in Watcher.Addresses)
            Watcher.Leave(address.Address);
    }

    private async Task StopAllAsync()
    {
        foreach (var machine in nodes.Concat(schedulers))
            await machine.EndAsync();
        foreach (var node in nodes)
            await Eventually.TrueAsync($"{node.Name} has no address of ours", async () => await node.CountAsync() == 0, Patience);
    }
}
