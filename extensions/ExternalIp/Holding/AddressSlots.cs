using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Interlook.Extensions.ExternalIp.Linux;

namespace Interlook.Extensions.ExternalIp.Holding;

/// <summary>
/// Decides what is to be done on an interface: what to add, renew, remove, announce and probe for at a moment. It does nothing itself, is
/// told what was done and seen, and has no clock. Times count from the start of the keeper.
/// </summary>
internal sealed class AddressSlots
{
    /// <summary>Between two probes for an address that somebody else has.</summary>
    internal static readonly TimeSpan BetweenProbes = TimeSpan.FromMilliseconds(100);

    /// <summary>Between two tries of what the kernel refused.</summary>
    internal static readonly TimeSpan AfterRefusal = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long an interface may be without a carrier before addresses are added all the same: as long as one that has just been switched
    /// on takes.
    /// </summary>
    internal static readonly TimeSpan CarrierPatience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // What the kernel is about to remove is renewed within this, or looked at again.
    private static readonly TimeSpan LastMoment = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<LinkAddress, AddressSlot> slots = [];
    private LinkView view = LinkView.Missing;
    private TimeSpan lifetime = Second;
    private TimeSpan? until;
    private TimeSpan? lifetimeEnd;
    private TimeSpan changed;
    private int epoch; // grows whenever the interface came, went or changed

    /// <summary>True when an address is wanted, with whatever prefix.</summary>
    internal bool Wants(IPAddress address) => slots.Keys.Any(each => each.Address.Equals(address));

    /// <summary>Takes a new wish.</summary>
    /// <param name="addresses">The addresses.</param>
    /// <param name="handedOver">Those of them that are added before the neighbours are asked, when they are new.</param>
    /// <param name="lifetimeOfEach">How long the kernel keeps one.</param>
    /// <param name="deadline">When all have to be gone.</param>
    /// <param name="lifetimeLimit">Up to when the kernel may keep one.</param>
    /// <param name="now">Now.</param>
    internal void Want(
        ImmutableHashSet<LinkAddress> addresses,
        ImmutableHashSet<LinkAddress> handedOver,
        TimeSpan lifetimeOfEach,
        TimeSpan? deadline,
        TimeSpan? lifetimeLimit,
        TimeSpan now)
    {
        (lifetime, until, lifetimeEnd) = (lifetimeOfEach, deadline, lifetimeLimit);
        foreach (var address in slots.Keys.Where(address => !addresses.Contains(address)).ToList())
            slots.Remove(address);
        foreach (var address in addresses.Where(address => !slots.ContainsKey(address)))
            slots.Add(address, new(address, handedOver.Contains(address)));
        Compare(now);
    }

    /// <summary>Takes what is on the interface now.</summary>
    internal void See(LinkView seen, TimeSpan now)
    {
        var (before, after) = (view.State, seen.State);
        view = seen;
        var isOther = before?.Index != after?.Index || before?.IsUp != after?.IsUp || before?.IsRunning != after?.IsRunning
            || before?.Hardware.Equals(after?.Hardware) == false;
        if (isOther)
        {
            epoch++;
            changed = now;
            foreach (var slot in slots.Values.Where(slot => slot.State is SlotState.Asked or SlotState.Cleared))
                slot.Miss(now);
            foreach (var slot in slots.Values.Where(_ => before is not null))
                slot.AskFirst();
        }
        Compare(now);
        if (!isOther || after is not { IsRunning: true })
            return;
        foreach (var slot in slots.Values.Where(slot => slot.State == SlotState.Held))
            slot.AnnounceFrom(now);
    }

    /// <summary>Takes that a probe is on its way.</summary>
    /// <returns>What <see cref="Probed"/> is to be given.</returns>
    internal int Asked(IReadOnlyCollection<LinkAddress> addresses)
    {
        foreach (var slot in addresses.Where(slots.ContainsKey).Select(address => slots[address]))
            slot.Ask();
        return epoch;
    }

    /// <summary>Takes the answers to a probe.</summary>
    /// <param name="addresses">What was asked for.</param>
    /// <param name="answers">Who answered; null when nothing is known.</param>
    /// <param name="asked">What <see cref="Asked"/> said: of an interface that changed meanwhile nothing is known.</param>
    /// <param name="now">Now.</param>
    internal void Probed(
        IReadOnlyCollection<LinkAddress> addresses, ImmutableDictionary<IPAddress, PhysicalAddress>? answers, int asked, TimeSpan now)
    {
        foreach (var address in addresses)
        {
            if (!slots.TryGetValue(address, out var slot))
                continue;
            if (slot is { State: SlotState.Held, IsAskedLate: true })
                ProvedLate(slot, answers, asked, now);
            else if (slot.State != SlotState.Asked || asked != epoch)
                continue;
            else if (answers is null)
                slot.Miss(now + AfterRefusal);
            else if (answers.TryGetValue(address.Address, out var by))
                slot.Dispute(by, now + BetweenProbes);
            else
                slot.Clear(now + BetweenProbes);
        }
    }

    /// <summary>Takes what became of addresses that were added or renewed.</summary>
    /// <param name="addresses">The addresses.</param>
    /// <param name="failures">Those that were not.</param>
    /// <param name="asked">When the kernel was asked.</param>
    /// <param name="granted">The lifetime it was told.</param>
    internal void Kept(IReadOnlyCollection<LinkAddress> addresses, ImmutableArray<AddressFailure> failures, TimeSpan asked, TimeSpan granted)
    {
        var failed = failures.ToDictionary(failure => failure.Address);
        foreach (var slot in addresses.Where(slots.ContainsKey).Select(address => slots[address]))
        {
            if (!failed.TryGetValue(slot.Address, out var failure))
                slot.Hold(asked, asked + granted, isUnproved: view.State is { IsRunning: false, HasNeighbours: true });
            else if (slot.State == SlotState.Held)
                slot.Postpone(asked + AfterRefusal);
            else
                slot.Refuse(failure.Problem, asked + AfterRefusal);
        }
    }

    /// <summary>Takes that addresses were announced.</summary>
    internal void Announced(IReadOnlyCollection<LinkAddress> addresses, TimeSpan now)
    {
        foreach (var address in addresses)
            slots.GetValueOrDefault(address)?.Announced(now);
    }

    /// <summary>What is to be done.</summary>
    /// <param name="now">Now.</param>
    /// <param name="mayProbe">False while enough probes are on their way.</param>
    internal KeeperStep Next(TimeSpan now, bool mayProbe)
    {
        var ours = view.Addresses.Where(each => each.IsOurs).Select(each => each.Address).ToList();
        if (until <= now)
            return new() { Remove = [.. ours] };
        var granted = LifetimeAt(now);
        var canAdd = view.State is { IsUp: true } && granted > TimeSpan.Zero;
        var remove = ours
            .Where(address => slots.TryGetValue(address, out var slot) ? IsDoubtful(slot) : !WaitsForOther(address, canAdd))
            .ToImmutableArray();
        var look = false;
        var add = ImmutableArray.CreateBuilder<LinkAddress>();
        var renew = ImmutableArray.CreateBuilder<LinkAddress>();
        var probe = ImmutableArray.CreateBuilder<LinkAddress>();
        var announce = ImmutableArray.CreateBuilder<LinkAddress>();
        var next = until;
        foreach (var slot in slots.Values)
        {
            if (slot.State == SlotState.Cleared && slot.NextTry < now)
                slot.Miss(now);
            switch (slot.State)
            {
                case SlotState.Cleared when canAdd:
                    add.Add(slot.Address);
                    break;
                case SlotState.Missing when canAdd && TryAt(slot) > now:
                    Wait(TryAt(slot));
                    break;
                case SlotState.Missing when canAdd && (slot.MayComeUnasked || !NeedsProbe(slot.Address, ours)):
                    add.Add(slot.Address);
                    break;
                case SlotState.Missing when canAdd && mayProbe:
                    probe.Add(slot.Address);
                    break;
                case SlotState.Held when slot.Ends < now:
                    look = true; // we slept, and the kernel may have removed it: then it is probed for before it comes back
                    break;
                case SlotState.Held:
                    if (slot.RenewAt > now)
                        Wait(slot.RenewAt);
                    else if (now + granted > slot.Ends) // else nothing is won before the next wish
                        renew.Add(slot.Address);
                    if (slot.OwedProbe is { } probeAt && probeAt > now)
                        Wait(probeAt);
                    else if (slot.OwedProbe is not null && mayProbe && view.State is { HasNeighbours: true, IsRunning: true })
                        probe.Add(slot.Address);
                    if (slot.AnnounceAt is not { } announceAt || view.State is not { IsRunning: true })
                        break;
                    if (announceAt > now)
                        Wait(announceAt);
                    else
                        announce.Add(slot.Address);
                    break;
            }
        }
        return new()
        {
            Look = look,
            Remove = remove,
            Add = add.DrainToImmutable(),
            Renew = renew.DrainToImmutable(),
            Probe = probe.DrainToImmutable(),
            Announce = announce.DrainToImmutable(),
            Lifetime = granted,
            Next = next,
        };

        void Wait(TimeSpan due) => next = next is { } known && known < due ? known : due;
    }

    /// <summary>How things stand.</summary>
    internal KeeperReport Report(long wish) => new()
    {
        Wish = wish,
        HasLink = view.State is not null,
        IsRunning = view.State is { IsRunning: true },
        Ours = [.. view.Addresses.Where(each => each.IsOurs).Select(each => each.Address), .. In(SlotState.Held)],
        Foreign = [.. In(SlotState.Foreign)],
        Conflicts = slots.Values
            .Where(slot => slot.Conflict is not null)
            .DistinctBy(slot => slot.Address.Address)
            .ToImmutableDictionary(slot => slot.Address.Address, slot => slot.Conflict!),
        Problems = slots.Values.Where(slot => slot.Problem is not null).ToImmutableDictionary(slot => slot.Address, slot => slot.Problem!),
    };

    private IEnumerable<LinkAddress> In(SlotState state) => slots.Values.Where(slot => slot.State == state).Select(slot => slot.Address);

    private void Compare(TimeSpan now)
    {
        var present = view.Addresses.ToLookup(each => each.Address.Address);
        foreach (var slot in slots.Values)
        {
            var same = present[slot.Address.Address].ToList();
            var isHeld = same.Any(each => each.IsOurs && each.Address == slot.Address);
            if (isHeld && slot.State != SlotState.Held)
                slot.Hold(now, now + LastMoment); // of a process before this: renewed soon
            else if (isHeld && slot.Ends < now)
                slot.Find(now + LastMoment);
            else if (!isHeld && same.Any(each => !each.IsOurs))
                slot.Leave();
            else if (!isHeld && slot.State is SlotState.Held or SlotState.Foreign)
                slot.Miss(now);
        }
    }

    private void ProvedLate(AddressSlot slot, ImmutableDictionary<IPAddress, PhysicalAddress>? answers, int asked, TimeSpan now)
    {
        if (answers is null || asked != epoch)
            slot.AskLateAgain(asked != epoch ? now : now + AfterRefusal);
        else
            slot.Prove(answers.GetValueOrDefault(slot.Address.Address));
    }

    private TimeSpan LifetimeAt(TimeSpan now)
    {
        if (lifetimeEnd is not { } end || end - now >= lifetime)
            return lifetime;
        return end - now >= Second ? TimeSpan.FromSeconds(Math.Floor((end - now).TotalSeconds)) : TimeSpan.Zero;
    }

    // A bridge without ports has no carrier, and an address on it is reached by other interfaces: Linux answers for all its addresses on
    // each.
    private TimeSpan TryAt(AddressSlot slot) =>
        view.State is { IsRunning: false } && changed + CarrierPatience > slot.NextTry ? changed + CarrierPatience : slot.NextTry;

    /// <summary>
    /// True for what was added while nobody could be asked, now that somebody can: it is taken away, probed for and added. And for what was
    /// added unasked, when somebody else turned out to have it.
    /// </summary>
    private bool IsDoubtful(AddressSlot slot) =>
        slot is { State: SlotState.Held, IsContested: true }
        || (slot is { State: SlotState.Held, IsUnproved: true } && view.State is { IsRunning: true, HasNeighbours: true });

    // What we hold with another prefix already is nobody else's.
    private bool NeedsProbe(LinkAddress address, List<LinkAddress> ours) =>
        view.State is { HasNeighbours: true, IsRunning: true } && !ours.Any(each => each.Address.Equals(address.Address));

    // IPv4 has an address with two prefixes at once, so the new comes before the old goes; IPv6 has it once.
    private bool WaitsForOther(LinkAddress address, bool canAdd) =>
        canAdd && !address.IsIPv6 && slots.Values.Any(slot =>
            slot.Address.Address.Equals(address.Address) && slot is { State: SlotState.Missing or SlotState.Cleared, Problem: null });
}
