using System.Net.NetworkInformation;
using Interlook.Extensions.ExternalIp.Linux;

namespace Interlook.Extensions.ExternalIp.Holding;

/// <summary>What is known of one address that is wanted. Times count from the start of the keeper.</summary>
/// <param name="address">The address.</param>
/// <param name="isHandedOver">True when its former holder has taken it off its link: the first time it is added before the neighbours are asked.</param>
internal sealed class AddressSlot(LinkAddress address, bool isHandedOver = false)
{
    /// <summary>The address.</summary>
    internal LinkAddress Address => address;

    /// <summary>Where it stands.</summary>
    internal SlotState State { get; private set; } = SlotState.Missing;

    /// <summary>Missing: not tried before this. Cleared: probed for again after this.</summary>
    internal TimeSpan NextTry { get; private set; }

    /// <summary>Who answered the last probe; null when nobody did.</summary>
    internal PhysicalAddress? Conflict { get; private set; }

    /// <summary>Why the kernel refused it; null while it did not.</summary>
    internal string? Problem { get; private set; }

    /// <summary>Held: when it is renewed.</summary>
    internal TimeSpan RenewAt { get; private set; }

    /// <summary>Held: when the kernel removes it.</summary>
    internal TimeSpan Ends { get; private set; }

    /// <summary>Held: added without asking the neighbours, since there was no carrier.</summary>
    internal bool IsUnproved { get; private set; }

    /// <summary>Missing: it may be added, and the neighbours be asked while it is there.</summary>
    internal bool MayComeUnasked { get; private set; } = isHandedOver;

    /// <summary>Held: added before the neighbours were asked, and they are to be asked at this moment; null when nothing is owed.</summary>
    internal TimeSpan? OwedProbe { get; private set; }

    /// <summary>Held: the neighbours are being asked though it is there.</summary>
    internal bool IsAskedLate { get; private set; }

    /// <summary>Held: somebody else has it, too. It has to go.</summary>
    internal bool IsContested { get; private set; }

    /// <summary>Held: when it is announced next; null when it was often enough.</summary>
    internal TimeSpan? AnnounceAt => AnnouncementPace.Next(announced) is { } offset ? announcedFrom + offset : null;

    private TimeSpan announcedFrom;
    private int announced;

    /// <summary>It is not there.</summary>
    internal void Miss(TimeSpan nextTry)
    {
        State = SlotState.Missing;
        NextTry = nextTry;
        MayComeUnasked = false;
    }

    /// <summary>A probe is on its way.</summary>
    internal void Ask()
    {
        if (State == SlotState.Held)
            (OwedProbe, IsAskedLate) = (null, true);
        else
            State = SlotState.Asked;
    }

    /// <summary>The neighbours could not be asked while it was there: that is still owed.</summary>
    internal void AskLateAgain(TimeSpan at) => (OwedProbe, IsAskedLate) = (at, false);

    /// <summary>The neighbours were asked while it was there.</summary>
    /// <param name="by">Who else has it; null when nobody does.</param>
    internal void Prove(PhysicalAddress? by)
    {
        IsAskedLate = false;
        if (by is not null)
            (Conflict, IsContested) = (by, true);
    }

    /// <summary>What was known of the interface is not so any more: nothing is added unasked.</summary>
    internal void AskFirst() => MayComeUnasked = false;

    /// <summary>Nobody answered; which is true for a short time only.</summary>
    internal void Clear(TimeSpan nextProbe)
    {
        State = SlotState.Cleared;
        Conflict = null;
        NextTry = nextProbe;
    }

    /// <summary>Somebody answered.</summary>
    internal void Dispute(PhysicalAddress by, TimeSpan nextTry)
    {
        Conflict = by;
        Miss(nextTry);
    }

    /// <summary>The kernel refused it.</summary>
    internal void Refuse(string problem, TimeSpan nextTry)
    {
        Problem = problem;
        Miss(nextTry);
    }

    /// <summary>It is there, and not ours.</summary>
    internal void Leave()
    {
        State = SlotState.Foreign;
        (Conflict, Problem) = (null, null);
    }

    /// <summary>It is there and ours, until <paramref name="ends"/>.</summary>
    internal void Hold(TimeSpan since, TimeSpan ends, bool isUnproved = false)
    {
        if (State != SlotState.Held)
        {
            AnnounceFrom(since);
            IsUnproved = isUnproved;
            OwedProbe = MayComeUnasked && !isUnproved ? since : null;
            (MayComeUnasked, IsAskedLate, IsContested) = (false, false, false);
        }
        State = SlotState.Held;
        Problem = null;
        if (!IsContested)
            Conflict = null;
        Ends = ends;
        RenewAt = since + ((ends - since) / 3);
    }

    /// <summary>It is there still, for what is left of its lifetime.</summary>
    internal void Find(TimeSpan ends) => Ends = ends;

    /// <summary>It could not be renewed.</summary>
    internal void Postpone(TimeSpan renewAt) => RenewAt = renewAt;

    /// <summary>All announcements are made once more.</summary>
    internal void AnnounceFrom(TimeSpan first) => (announcedFrom, announced) = (first, 0);

    /// <summary>An announcement was made; those that were due before it count as made.</summary>
    internal void Announced(TimeSpan now)
    {
        while (AnnounceAt <= now)
            announced++;
    }
}
