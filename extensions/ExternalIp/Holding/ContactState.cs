using Interlook.Extensions.ExternalIp.Timing;
using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Holding;

/// <summary>
/// Until when a node may have addresses, and from which revision on a claim was decided upon in knowledge of that: the fence, and a time through which only
/// the peers' answers carried. No clock of its own. Not for concurrent use.
/// </summary>
internal sealed class ContactState(FenceTimes times)
{
    /// <summary>The revision of the list that was read after the first heartbeat behind a time that is bridged; null until it is there.</summary>
    private Revision? bridgedFrom;

    private (long Number, TimeSpan Began)? listing;
    private TimeSpan nextListing;
    private long listings;

    /// <summary>True while every moment since some heartbeat was covered; false behind the fence.</summary>
    internal bool IsKept { get; private set; }

    /// <summary>
    /// True while a time through which only the peers' answers carried is not made good: the scheduler may have given claims away meanwhile,
    /// and a new heartbeat says nothing about those.
    /// </summary>
    internal bool Bridges { get; private set; }

    /// <summary>The sending of the last heartbeat that succeeded, or the question that all peers answered as one would hope.</summary>
    internal TimeSpan Last { get; private set; }

    /// <summary>The revision of the list that was read after the first heartbeat since the fence: a claim counts when it is newer. Null until it is there.</summary>
    internal Revision? TakenFrom { get; private set; }

    /// <summary>What is not newer than this is to be written anew; null while that is not known.</summary>
    internal Revision? RenewedFrom => bridgedFrom ?? TakenFrom;

    /// <summary>True while a list is needed and not there.</summary>
    private bool AwaitsList => IsKept && (Bridges ? bridgedFrom : TakenFrom) is null;

    /// <summary>When what is bridged has to be made good, whatever is written by then.</summary>
    private TimeSpan LastOfBridge => Last + times.Fence - (times.Heartbeat / 8);

    /// <summary>Past its time a node has nothing, and what it knew of its claims is worth nothing.</summary>
    /// <returns>True when the time ended by this.</returns>
    internal bool Fence(TimeSpan now)
    {
        if (!IsKept || now < Last + times.Fence)
            return false;
        (IsKept, Bridges) = (false, false);
        (TakenFrom, bridgedFrom, listing) = (null, null, null);
        return true;
    }

    /// <summary>A heartbeat succeeded.</summary>
    /// <param name="sent">When it was sent.</param>
    /// <param name="lapsed">True when the one before it counts no more.</param>
    internal void Beat(TimeSpan sent, bool lapsed)
    {
        if (!IsKept)
            (IsKept, Last) = (true, sent);
        else if (lapsed)
            (Bridges, bridgedFrom, listing) = (true, null, null);
        else if (!Bridges && sent > Last)
            Last = sent;
    }

    /// <summary>All peers said, when they were asked then, that they have no contact either.</summary>
    internal void Carry(TimeSpan asked)
    {
        if (asked > Last)
            Last = asked;
    }

    /// <summary>Whether what was bridged can be made good: there is a list, and nobody waits for a claim, or there is no more time for it.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="isTaken">Whether everything that is held was written anew since a revision.</param>
    internal bool CanArrive(TimeSpan now, Func<Revision, bool> isTaken) => bridgedFrom is { } bridged && (now >= LastOfBridge || isTaken(bridged));

    /// <summary>What is taken anew counts from the last heartbeat; what is not yet is let go of before its time is over.</summary>
    internal void Arrive(TimeSpan? lastBeat)
    {
        (TakenFrom, Bridges, bridgedFrom) = (bridgedFrom, false, null);
        if (lastBeat > Last)
            Last = lastBeat.Value;
    }

    /// <summary>The number of a list that is to be asked for now; null for none.</summary>
    internal long? BeginListing(TimeSpan now)
    {
        if (!AwaitsList || now < nextListing || (listing is { } pending && now < pending.Began + (times.Heartbeat / 2)))
            return null;
        listing = (++listings, now);
        return listings;
    }

    /// <summary>A list came; one that began before the fence says nothing about the time since.</summary>
    internal void Listed(long number, Revision at)
    {
        if (listing?.Number != number)
            return;
        listing = null;
        if (Bridges)
            bridgedFrom = at;
        else
            TakenFrom = at;
    }

    /// <summary>A list failed.</summary>
    internal void ListingFailed(long number, TimeSpan now)
    {
        if (listing?.Number != number)
            return;
        listing = null;
        nextListing = now + (times.Heartbeat / 8);
    }

    /// <summary>When something of this comes next; the largest value when nothing does.</summary>
    internal TimeSpan NextLook(TimeSpan now)
    {
        if (!IsKept)
            return TimeSpan.MaxValue;
        var next = Last + times.Fence;
        if (Bridges && now < LastOfBridge)
            next = LastOfBridge;
        if (!AwaitsList)
            return next;
        var list = listing is null ? nextListing : now + (times.Heartbeat / 4);
        return list < next ? list : next;
    }
}
