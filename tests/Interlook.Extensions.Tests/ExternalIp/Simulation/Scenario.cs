using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Storage;

namespace Interlook.Extensions.Tests.ExternalIp.Simulation;

/// <summary>One seed: a cluster comes up, something happens to it, it heals, and then all has to be as it should.</summary>
internal sealed class Scenario
{
    private const int MostServices = 6;
    private const int Kinds = 8;
    private const int RaceKind = 3;
    private const int MostRaces = 8;

    private readonly World world;
    private readonly Clockwork clock;
    private readonly TimeSpan scale;
    private readonly HashSet<SimulatedNode> leaving = [];
    private bool isHealed;

    /// <summary>
    /// With short flags the kernel may answer for a stopped process longer than the expiry, and only the probe knows. A link that carries no
    /// probe at the same time is the exception that is written down; it is not simulated.
    /// </summary>
    private readonly bool breaksLink;

    private Scenario(int seed, Mutant mutant)
    {
        // Where no process is stopped or killed, nobody needs a probe: what the writes decide has to be enough.
        world = new World(seed, mutant, mayProbe: seed % Kinds != RaceKind);
        clock = world.Clock;
        scale = world.Times.Expiry;
        breaksLink = world.Times.KernelEndsInTime || clock.Strikes(0.2);
    }

    private Violations Violations => world.Violations;

    public static Violations Run(int seed, Mutant mutant = Mutant.None)
    {
        var scenario = new Scenario(seed, mutant);
        try
        {
            scenario.Play(seed);
        }
        catch (Exception fault)
        {
            scenario.Violations.Add($"the run broke: {fault}");
        }
        return scenario.Violations;
    }

    private void Play(int seed)
    {
        var kind = seed % Kinds;
        Fill();
        // A heartbeat that comes late at the start is a node that gets nothing then.
        world.Store.Slowness = kind == 0 ? 0 : world.Store.Slowness;
        world.Start();
        clock.RunFor(world.Times.Expiry);
        if (!Agrees("after the start", TimeSpan.FromSeconds(5)))
            return;
        switch (kind)
        {
            case 0:
                Calm();
                break;
            case 1:
                Outage();
                break;
            case 2:
                Death();
                break;
            case RaceKind:
                Races();
                break;
            case 4:
                Stranger();
                break;
            case 5 when seed / Kinds % 2 == 1:
                Chain();
                break;
            default:
                Trouble();
                break;
        }
        Heal();
        // A scheduler's start, a verdict, what a node may not add yet, and the probe of addresses that a kernel still has.
        if (Agrees("after everything healed", scale * 5 + TimeSpan.FromSeconds(10)))
            StaysQuiet();
    }

    private void Fill()
    {
        if (clock.Strikes(0.8))
            SetPool("pool", 16 + (4 * clock.Chance.Next(3)));
        for (var i = 0; i < MostServices; i++)
        {
            if (clock.Strikes(0.8))
                SetService(i);
        }
    }

    /// <summary>Nothing happens: every claim stays where it is, and the first placement is fair.</summary>
    private void Calm()
    {
        var before = world.Picture();
        var counts = world.Nodes.Select(node => node.Kernel.Addresses.Count()).ToArray();
        if (world is { Filter: NodeFilter.Fair, Schedulers.Count: 1 } && counts.Max() - counts.Min() > 1)
            Violations.Add($"unfair: {string.Join(", ", counts)}");
        clock.RunFor(scale * 3);
        if (world.Picture() != before)
            Violations.Add($"churn without cause: {before} became {world.Picture()}");
    }

    /// <summary>The store is away for everybody for a minute: the addresses stay, then and afterwards.</summary>
    private void Outage()
    {
        // A store that is slow before it goes leaves the nodes less time than the flags promise.
        world.Store.Slowness = 0;
        clock.RunFor(scale);
        var before = world.Picture();
        world.Store.IsDown = true;
        var seconds = clock.Strikes(0.1) ? 60 : 10;
        for (var i = 0; i < seconds; i++)
        {
            clock.RunFor(TimeSpan.FromSeconds(1));
            foreach (var (name, claim) in world.Store.Claims.View.Records)
            {
                if (world.Holders(claim.Value.Address!.Value) == "")
                {
                    Violations.Add($"{name} went although the store is away for everybody");
                    return;
                }
            }
        }
        world.Store.IsDown = false;
        clock.RunFor(scale * 3);
        world.Store.Slowness = 0.02;
        if (world.Picture() != before)
            Violations.Add($"churn after an outage: {before} became {world.Picture()}");
    }

    /// <summary>One node loses its power: its claims are on the others within the bound that the flags promise, and only they move.</summary>
    private void Death()
    {
        // Until then each has told the store that it knows the others.
        clock.RunFor(scale);
        var node = world.Nodes[clock.Chance.Next(world.Nodes.Count)];
        var others = world.Store.Claims.View.Records.Values.Where(claim => claim.Value.Node != node.Name).Select(claim => (claim.Value.Metadata.Name, claim.Value.Node)).ToArray();
        node.PowerOff();
        // Beyond the bound: some of a run's messages take up to 0.7 s each way.
        clock.RunFor(world.Times.WorstGap + TimeSpan.FromSeconds(8));
        foreach (var (name, claim) in world.Store.Claims.View.Records)
        {
            if (world.Holders(claim.Value.Address!.Value) == "")
                Violations.Add($"{name} is not served though a node lives; it is for {claim.Value.Node}/{claim.Value.Holder}");
        }
        foreach (var (name, at) in others)
        {
            if (world.Store.Claims.Read(name)?.Value.Node is { } now && now != at)
                Violations.Add($"churn: {name} moved from {at} to {now} although another node died");
        }
        node.Start();
    }

    /// <summary>A node that reaches the store again in the very moment in which it is given up.</summary>
    private void Races()
    {
        for (var i = 0; i < MostRaces && Violations.Seen.Count == 0; i++)
        {
            var node = world.Nodes[clock.Chance.Next(world.Nodes.Count)];
            var last = clock.Now;
            world.Store.Nodes.Written = (_, record) => last = record?.Metadata.Name == node.Name ? clock.Now : last;
            clock.RunFor(world.Times.Heartbeat * clock.Between(1, 2));
            node.Client.IsCut = true;
            world.Store.Slowness = 0.3;
            clock.At(last + world.Times.Expiry + TimeSpan.FromMilliseconds(clock.Between(-120, 90)), () => node.Client.IsCut = false);
            // It hears that it lives, and nothing more for a while.
            clock.At(last + world.Times.Expiry + TimeSpan.FromMilliseconds(clock.Between(20, 250)), () => node.Client.IsCut = true);
            clock.RunFor(scale * 2.5);
            node.Client.IsCut = false;
            world.Store.Slowness = 0.02;
            clock.RunFor(scale);
        }
        world.Store.Nodes.Written = null;
    }

    /// <summary>All nodes lose the store, but for one that comes back after they have forgotten it: it knows nothing of them, nor they of it.</summary>
    private void Stranger()
    {
        var stranger = world.Nodes[clock.Chance.Next(world.Nodes.Count)];
        stranger.PowerOff();
        clock.RunFor(scale * 4);
        foreach (var node in world.Nodes.Where(node => node != stranger))
            node.Client.IsCut = true;
        clock.RunFor(TimeSpan.FromMilliseconds(clock.Between(0, 1000)));
        stranger.Start();
        clock.RunFor(scale * 4);
    }

    /// <summary>A node is stopped, and who is to take over from it is drained before it could: while the stopped one's kernel may still answer.</summary>
    private void Chain()
    {
        // With short flags nobody but a probe knows of such a kernel, and the link carries it.
        if (!world.Probes)
            return;
        var stopped = world.Nodes[clock.Chance.Next(world.Nodes.Count)];
        stopped.Process.Stop();
        for (var waited = TimeSpan.Zero; waited < scale * 2; waited += TimeSpan.FromMilliseconds(10))
        {
            clock.RunFor(TimeSpan.FromMilliseconds(10));
            var takers = world.Nodes.Where(node => world.Store.Claims.View.Records.Values.Any(claim => claim.Value.Holder == node.Name && claim.Value.From.Contains(stopped.Name))).ToArray();
            if (takers.Length == 0)
                continue;
            var taker = takers[clock.Chance.Next(takers.Length)];
            leaving.Add(taker);
            taker.Drain();
            break;
        }
        clock.RunFor(scale * 2);
        stopped.Process.Continue();
        clock.RunFor(scale);
    }

    private void Trouble()
    {
        var events = 8 + clock.Chance.Next(16);
        for (var i = 0; i < events; i++)
        {
            Happen();
            clock.RunFor(scale * clock.Between(0, 1.2));
            if (Violations.Seen.Count > 0)
                return;
        }
    }

    private void Happen()
    {
        var node = world.Nodes[clock.Chance.Next(world.Nodes.Count)];
        var scheduler = world.Schedulers[clock.Chance.Next(world.Schedulers.Count)];
        var span = scale * Math.Pow(clock.Between(0.3, 1.6), 3);
        switch (clock.Chance.Next(24))
        {
            case < 4 when !breaksLink || world.Times.KernelEndsInTime:
                node.Process.Stop();
                Later(span, node.Process.Continue);
                break;
            case 4 or 5 when !breaksLink || world.Times.KernelEndsInTime:
                node.Process.Kill();
                Later(span, () => StartAgain(node));
                break;
            case 6:
                node.PowerOff();
                Later(span, () => StartAgain(node));
                break;
            case 7 or 8 or 9:
                node.Client.IsCut = true;
                Later(span, () => node.Client.IsCut = false);
                break;
            case 10:
                // Several at once, as when the store's own network fails.
                foreach (var each in world.Nodes.Where(_ => clock.Strikes(0.7)))
                {
                    each.Client.IsCut = true;
                    Later(span + TimeSpan.FromMilliseconds(clock.Between(0, 900)), () => each.Client.IsCut = false);
                }
                break;
            case 11:
                Part(node, world.Nodes[clock.Chance.Next(world.Nodes.Count)], span);
                break;
            case 12 when breaksLink:
                node.Kernel.IsOffLink = true;
                Later(span, () => node.Kernel.IsOffLink = false);
                break;
            case 13:
                world.Store.IsDown = true;
                Later(clock.Strikes(0.1) ? TimeSpan.FromMinutes(1) : span, () => world.Store.IsDown = false);
                break;
            case 14:
                scheduler.Process.Stop();
                Later(span, scheduler.Process.Continue);
                break;
            case 15:
                scheduler.Process.Kill();
                Later(span, scheduler.Start);
                break;
            case 16:
                scheduler.Client.IsCut = true;
                Later(span, () => scheduler.Client.IsCut = false);
                break;
            case 17 when !breaksLink || world.Times.KernelEndsInTime:
                Leave(node, span);
                break;
            // The record of a node that lives and is cut off is nobody's to delete: that exception is written down.
            case 18 when !node.Process.Runs:
                if (world.Store.Nodes.Read(node.Name) is { } record)
                    world.Store.Nodes.Write(node.Name, record.Revision, null);
                break;
            case 19:
                SetPool("pool", 16 + (4 * clock.Chance.Next(4)));
                break;
            case 20 or 21:
                world.Services.Remove($"default/svc{clock.Chance.Next(MostServices)}");
                break;
            default:
                SetService(clock.Chance.Next(MostServices));
                break;
        }
    }

    private static void StartAgain(SimulatedNode node)
    {
        if (!node.Process.Runs)
            node.Start();
    }

    private void Part(SimulatedNode one, SimulatedNode other, TimeSpan span)
    {
        one.Unheard.Add(other);
        other.Unheard.Add(one);
        Later(span, () =>
        {
            one.Unheard.Remove(other);
            other.Unheard.Remove(one);
        });
    }

    /// <summary>A planned end: emptied, then released, then gone; and back later.</summary>
    private void Leave(SimulatedNode node, TimeSpan span)
    {
        leaving.Add(node);
        node.Drain();
        Later(scale * 0.5, node.Release);
        Later(scale, () =>
        {
            node.Process.Kill();
            leaving.Remove(node);
            Later(span, () => StartAgain(node));
        });
    }

    private void SetPool(string name, int last)
    {
        var known = world.Store.Pools.Read(name);
        var pool = (known?.Value ?? new ClaimPool { Metadata = ClaimMeta.Named(name) }) with
        {
            Spec = (known?.Value.Spec ?? new()) with { Cidr = "10.0.0.0/24", Ranges = [["10.0.0.16", World.Address(last)]] },
        };
        world.Store.Pools.Write(name, known?.Revision ?? Revision.None, pool);
    }

    private void SetService(int number)
    {
        var name = $"default/svc{number}";
        world.Services.All.TryGetValue(name, out var known);
        var demand = known.Demand ?? new ServiceDemand { Name = name };
        world.Services.Set(clock.Chance.Next(5) switch
        {
            0 => demand with { AsksAuto = true, IsBalancer = false },
            1 => demand with { AsksAuto = false, IsBalancer = true },
            2 => demand with { AsksAuto = false, IsBalancer = false },
            // Some are shared, and some lie in the address pool.
            _ => demand with { ExternalIps = [World.Address(8 + clock.Chance.Next(12))] },
        });
    }

    /// <summary>What was begun and ends by itself, unless everything is healed before.</summary>
    private void Later(TimeSpan delay, Action action) => clock.After(delay, () =>
    {
        if (!isHealed)
            action();
    });

    private void Heal()
    {
        isHealed = true;
        world.Store.IsDown = false;
        foreach (var node in world.Nodes)
        {
            node.Client.IsCut = false;
            node.Unheard.Clear();
            node.Kernel.IsOffLink = false;
            node.Process.Continue();
            StartAgain(node);
        }
        foreach (var scheduler in world.Schedulers)
        {
            scheduler.Client.IsCut = false;
            scheduler.Process.Continue();
            if (!scheduler.Process.Runs)
                scheduler.Start();
        }
        // Those that were told to end are started anew: nobody but they themselves can take that back.
        foreach (var node in leaving)
        {
            node.Process.Kill();
            node.Start();
        }
        // What is on a link at this moment may be what is about to be taken off.
        clock.RunFor(scale * 1.5);
    }

    private bool Agrees(string when, TimeSpan patience)
    {
        for (var waited = TimeSpan.Zero; waited < patience; waited += TimeSpan.FromSeconds(0.5))
        {
            if (world.Disagreement() is null)
                return true;
            clock.RunFor(TimeSpan.FromSeconds(0.5));
        }
        Violations.Add($"{when}: {world.Disagreement()}");
        return false;
    }

    private void StaysQuiet()
    {
        // With short flags one slow heartbeat is enough for the kernel to end an address that is set anew then: that would be a cause.
        world.Store.Slowness = 0;
        clock.RunFor(TimeSpan.FromSeconds(1));
        var (claims, pools, moves) = (world.Store.Claims.Writes, world.Store.Pools.Writes, world.Moves);
        clock.RunFor(scale * 2);
        if ((claims, pools, moves) != (world.Store.Claims.Writes, world.Store.Pools.Writes, world.Moves))
            Violations.Add($"writes without cause: {world.Store.Claims.Writes - claims} of claims, {world.Store.Pools.Writes - pools} of pools, {world.Moves - moves} additions");
        if (world.Disagreement() is { } difference)
            Violations.Add($"after a quiet time {difference}");
    }
}
