using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Holding;
using Interlook.Extensions.ExternalIp.Timing;

namespace Interlook.Extensions.Tests.ExternalIp.Simulation;

/// <summary>Brings a holding onto the link: probes, adds, renews, removes, and looks at the clock before each.</summary>
internal sealed class SimulatedKeeper(World world, SimulatedKernel kernel, SimulatedProcess process, FenceTimes times, Action changed) : ILinkSight
{
    private readonly HashSet<ClaimAddress> adding = [];
    private readonly HashSet<ClaimAddress> removing = [];
    private readonly HashSet<ClaimAddress> wanted = [];
    private HeldAddresses holding = HeldAddresses.Nothing;
    private readonly Dictionary<ClaimAddress, TimeSpan> ends = [];
    private bool renewalIsDue;

    /// <summary>What is on the link or may come there.</summary>
    public LinkPresence PresenceOf(ClaimAddress address) => world.Mutant switch
    {
        Mutant.HandsOverTooEarly => LinkPresence.Gone,
        // As if each had been there before it was passed on.
        Mutant.VouchesForWhatItNeverHad when wanted.Contains(address) => LinkPresence.There,
        _ => kernel.Has(address) ? LinkPresence.There : adding.Contains(address) ? LinkPresence.Possible : LinkPresence.Gone,
    };

    public AddressTrouble? TroubleOf(ClaimAddress address) => null;

    public void Apply(HeldAddresses next)
    {
        if (next == holding && kernel.Addresses.All(wanted.Contains))
            return;
        var isLater = next.Until > holding.Until;
        holding = next;
        var former = wanted.ToHashSet();
        wanted.Clear();
        foreach (var address in next.Addresses)
            wanted.Add(address);
        foreach (var address in kernel.Addresses.Where(address => !wanted.Contains(address)).ToArray())
            Remove(address);
        foreach (var address in wanted)
        {
            if (!kernel.Has(address) && adding.Add(address))
                Begin(address, isHandedOver: next.HandedOver.AsSpan().Contains(address) && !former.Contains(address));
        }
        if (!isLater)
            return;
        Renew();
        process.At(next.Until, Deadline);
    }

    private void Deadline()
    {
        if (world.Mutant == Mutant.ForgetsTheDeadline)
            return;
        if (process.Now < holding.Until)
        {
            // A newer holding has a timer of its own; this one may have come a rounding too early.
            if (holding.Until - process.Now < TimeSpan.FromMilliseconds(1))
                process.At(process.Now + TimeSpan.FromMilliseconds(1), Deadline);
            return;
        }
        foreach (var address in kernel.Addresses.ToArray())
            kernel.Remove(address);
        changed();
    }

    private void Remove(ClaimAddress address)
    {
        if (!removing.Add(address))
            return;
        process.At(process.Now + TimeSpan.FromMilliseconds(world.Clock.Between(0, world.Clock.Strikes(0.2) ? 150 : 3)), () =>
        {
            removing.Remove(address);
            if (!wanted.Contains(address) || process.Now >= holding.Until)
                kernel.Remove(address);
            changed();
        });
    }

    /// <summary>What was handed over is added before anybody is asked.</summary>
    private void Begin(ClaimAddress address, bool isHandedOver)
    {
        if (!isHandedOver)
        {
            Probe(address);
            return;
        }
        process.At(process.Now + TimeSpan.FromMilliseconds(world.Clock.Between(0, 3)), () =>
        {
            adding.Remove(address);
            if (wanted.Contains(address) && process.Now < holding.Until && !Set(address) && adding.Add(address))
                Probe(address);
            else
                changed();
        });
    }

    private void Probe(ClaimAddress address)
    {
        var conflict = world.Probes && world.Answers(address, kernel);
        process.At(process.Now + TimeSpan.FromMilliseconds(world.Clock.Between(20, 60)), () =>
        {
            conflict |= world.Probes && world.Answers(address, kernel);
            if (!wanted.Contains(address) || process.Now >= holding.Until)
            {
                adding.Remove(address);
                changed();
            }
            else if (conflict)
            {
                process.At(process.Now + TimeSpan.FromMilliseconds(100), () => Probe(address));
            }
            else
            {
                adding.Remove(address);
                if (!Set(address))
                    process.At(process.Now + TimeSpan.FromMilliseconds(100), Again);
            }
        });

        void Again()
        {
            if (wanted.Contains(address) && !kernel.Has(address) && adding.Add(address))
                Probe(address);
        }
    }

    /// <summary>With the news of a heartbeat, and at a third of the lifetime.</summary>
    private void Renew()
    {
        var now = process.Now;
        foreach (var address in kernel.Addresses.Where(wanted.Contains).ToArray())
            Set(address);
        foreach (var address in wanted)
        {
            // What the kernel has ended meanwhile.
            if (now < holding.Until && !kernel.Has(address) && adding.Add(address))
                Probe(address);
        }
        if (renewalIsDue || (now >= holding.Until && world.Mutant != Mutant.ForgetsTheDeadline))
            return;
        renewalIsDue = true;
        process.At(now + times.KernelLifetime / 3, () =>
        {
            renewalIsDue = false;
            Renew();
        });
    }

    private bool Set(ClaimAddress address)
    {
        var lifetime = holding.LifetimeAt(process.Now, times);
        if ((world.Mutant == Mutant.RenewsTooLong && process.Now < holding.Until) || world.Mutant == Mutant.ForgetsTheDeadline)
            lifetime = times.KernelLifetime;
        if (lifetime <= TimeSpan.Zero)
            return false;
        var end = process.Now + lifetime;
        if (!kernel.Has(address))
        {
            kernel.Set(address, lifetime);
            world.Added(address, kernel);
            changed();
        }
        else if (!ends.TryGetValue(address, out var former) || end > former)
        {
            kernel.Set(address, lifetime);
        }
        ends[address] = end;
        return true;
    }
}
