using System.Globalization;
using System.Net;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Extensions.ExternalIp.Timing;

namespace Interlook.Extensions.Tests.ExternalIp.Simulation;

/// <summary>A cluster: nodes on one link, one or two schedulers, a store, Services, and what is not allowed to happen.</summary>
internal sealed class World
{
    private static readonly (double Heartbeat, double Monitor)[] Flags = [(0.5, 1), (0.5, 1), (0.5, 4), (2, 4)];

    private readonly HashSet<IPAddress> known = [];

    public World(int seed, Mutant mutant, bool mayProbe)
    {
        Clock = new Clockwork(seed);
        Mutant = mutant;
        Violations = new Violations(Clock);
        var (heartbeat, monitor) = Flags[Clock.Chance.Next(Flags.Length)];
        Times = FenceTimes.Of(TimeSpan.FromSeconds(heartbeat), TimeSpan.FromSeconds(monitor));
        // Where the kernel alone is in time, the protocol has to hold without any probe.
        Probes = mayProbe && mutant != Mutant.ProbesNothing && (!Times.KernelEndsInTime || Clock.Strikes(0.3));
        Filter = Clock.Strikes(0.8) ? NodeFilter.Fair : NodeFilter.FirstAlive;
        Store = new SimulatedStore(Clock, mutant);
        Services = new SimulatedServices(() => Schedulers.ForEach(scheduler => scheduler.ServicesChanged()));
        for (var i = 0; i < 2 + Clock.Chance.Next(3); i++)
            Nodes.Add(new SimulatedNode(this, $"node{i}"));
        for (var i = 0; i < 1 + Clock.Chance.Next(2); i++)
            Schedulers.Add(new SimulatedScheduler(this));
    }

    public Clockwork Clock { get; }

    public Mutant Mutant { get; }

    public Violations Violations { get; }

    public FenceTimes Times { get; }

    public bool Probes { get; }

    public NodeFilter Filter { get; }

    public SimulatedStore Store { get; }

    public SimulatedServices Services { get; }

    public List<SimulatedNode> Nodes { get; } = [];

    public List<SimulatedScheduler> Schedulers { get; } = [];

    public int Moves { get; private set; }

    public void Start()
    {
        foreach (var node in Nodes)
            node.Start();
        foreach (var scheduler in Schedulers)
            scheduler.Start();
    }

    /// <summary>Whether somebody else on the link answers for an address.</summary>
    public bool Answers(ClaimAddress address, SimulatedKernel asking)
    {
        foreach (var node in Nodes)
        {
            if (node.Kernel != asking && !node.Kernel.IsOffLink && !asking.IsOffLink && node.Kernel.Has(address))
                return true;
        }
        return false;
    }

    /// <summary>An address came onto a machine: no other may have it.</summary>
    public void Added(ClaimAddress address, SimulatedKernel kernel)
    {
        Moves++;
        foreach (var node in Nodes)
        {
            if (node.Kernel != kernel && node.Kernel.Has(address))
                Violations.Add($"two holders: {address} came to {kernel.Name} while {node.Name} has it");
        }
    }

    /// <summary>The nodes that have an address.</summary>
    public string Holders(ClaimAddress address) => string.Join("+", Nodes.Where(node => node.Kernel.Has(address)).Select(node => node.Name));

    public string Picture() => string.Join(" ", Store.Claims.View.Records.Select(claim => $"{claim.Key}:{claim.Value.Value.Node}"));

    /// <summary>What is not as it should be once everything is well; null when all is.</summary>
    public string? Disagreement()
    {
        var claims = Store.Claims.View.Records;
        known.Clear();
        foreach (var (name, (_, service)) in Services.All)
        {
            foreach (var text in service.ExternalIps)
            {
                var address = IPAddress.Parse(text);
                known.Add(address);
                if (!claims.Any(claim => claim.Value.Value.Spec.Cidr.StartsWith($"{text}/", StringComparison.Ordinal) && claim.Value.Value.Services.Contains(name)))
                    return $"{name} has {text} and no claim";
            }
            if (service.WantsAddress && service.ExternalIps.Count == 0 && FreeAddresses() > 0)
                return $"{name} has no address though one is free";
            if (service.IsBalancer && service.ExternalIps.Count > 0 && service.Ingress.Count == 0)
                return $"{name} has no status";
        }
        foreach (var (name, claim) in claims)
        {
            if (claim.Value.Address is not { } address || !known.Contains(address.Address))
                return $"claim {name} is wanted by nobody";
            var holders = Holders(address);
            if (holders != claim.Value.Node || !claim.Value.IsHeldBy(holders))
                return $"claim {name} is for {claim.Value.Node}/{claim.Value.Holder} and on '{holders}'";
            if (!claim.Value.From.IsEmpty)
                return $"claim {name} still says that it was {string.Join(", ", claim.Value.From)}'s";
        }
        foreach (var node in Nodes)
        {
            foreach (var address in node.Kernel.Addresses)
            {
                if (!claims.ContainsKey(address.Name))
                    return $"{node.Name} has {address} without a claim";
            }
        }
        foreach (var (name, pool) in Store.Pools.View.Records)
        {
            foreach (var (address, claim) in pool.Value.Spec.Allocated)
            {
                if (!claims.ContainsKey(claim))
                    return $"address pool {name} leaks {address}";
            }
        }
        return null;
    }

    public int FreeAddresses() => Store.Pools.View.Records.Sum(pool =>
    {
        var addresses = new ClaimPoolAddresses(pool.Value.Value);
        var count = 0;
        HashSet<IPAddress> taken = [.. known];
        foreach (var claim in Store.Claims.View.Records.Values)
        {
            if (claim.Value.Address is { } address)
                taken.Add(address.Address);
        }
        while (addresses.TakeFree(taken) is not null)
            count++;
        return count;
    });

    public static string Address(int number) => string.Create(CultureInfo.InvariantCulture, $"10.0.0.{number}");
}
