using Interlook.Engine.Planning;
using Interlook.Entries;
using Interlook.Services;
using Interlook.Storage;

namespace Interlook.Engine.Scheduling;

/// <summary>
/// The place of one entry in the running engine: what is wished, what is, and whose turn it is. At any moment at most one pass owns the
/// slot; only the owner changes the entry.
/// </summary>
/// <remarks>
/// The turns: Idle → Queued (in one lane) → Running (owned by a pass) → Idle. A poke while running is remembered, and the pass looks again
/// before it rests: a change during work is coalesced and never lost.
/// </remarks>
internal sealed class EntrySlot(Workflow workflow, Entry entry)
{
    private const int Idle = 0;
    private const int Queued = 1;
    private const int Running = 2;
    private const int RunningAndPoked = 3;

    private const int Recorded = 0;
    private const int Unrecorded = 1;
    private const int AwaitsRecording = 2;

    private volatile Entry entry = entry;
    private volatile ServiceDefinition? wish;
    private volatile Finding? findings;
    private volatile EntryHistory history = EntryHistory.Empty;
    private int turn;
    private int recording;
    private long holdUntil;

    /// <summary>The entry's workflow.</summary>
    public Workflow Workflow => workflow;

    /// <summary>The path of the entry's key: one text for both stores, which keep it.</summary>
    public string Path { get; } = entry.Key.Path;

    /// <summary>The entry as of now. Written by the owning pass alone.</summary>
    public Entry Entry
    {
        get => entry;
        set => entry = value;
    }

    /// <summary>The entry as the store has it; null before the first write. Used by the owning pass alone.</summary>
    public Entry? Saved { get; set; }

    /// <summary>The revision of <see cref="Saved"/>. Used by the owning pass alone.</summary>
    public Revision Revision { get; set; }

    /// <summary>What happened to the entry. Written by the owning pass alone, or before the slot is known to others.</summary>
    public EntryHistory History
    {
        get => history;
        init => history = value;
    }

    /// <summary>The revision of the history in the store. Used by the recorder alone.</summary>
    public Revision HistoryRevision { get; set; }

    /// <summary>The newest definition; null once the service was withdrawn. Written under the table's lock.</summary>
    public ServiceDefinition? Wish
    {
        get => wish;
        set => wish = value;
    }

    /// <summary>After a failure: the timestamp before which the step is not tried again; 0 when it may be.</summary>
    public long HoldUntil
    {
        get => Volatile.Read(ref holdUntil);
        set => Volatile.Write(ref holdUntil, value);
    }

    /// <summary>True while a pass owns the slot or is about to.</summary>
    public bool IsBusy => Volatile.Read(ref turn) != Idle;

    /// <summary>Asks for a pass.</summary>
    /// <returns>True when the caller must put the slot into a lane; false when a pass is coming or will look again.</returns>
    public bool Poke()
    {
        while (true)
        {
            var seen = Volatile.Read(ref turn);
            var next = seen switch { Idle => Queued, Running => RunningAndPoked, _ => seen };
            if (next == seen || Interlocked.CompareExchange(ref turn, next, seen) == seen)
                return seen == Idle;
        }
    }

    /// <summary>The pass takes the slot from its lane.</summary>
    public void BeginPass() => Volatile.Write(ref turn, Running);

    /// <summary>The pass goes on in another lane.</summary>
    public void HandOver() => Volatile.Write(ref turn, Queued);

    /// <summary>The pass has nothing more to do.</summary>
    /// <returns>False when it was poked meanwhile: it must look again.</returns>
    public bool TryRest()
    {
        if (Interlocked.CompareExchange(ref turn, Idle, Running) == Running)
            return true;
        Volatile.Write(ref turn, Running);
        return false;
    }

    /// <summary>Notes what a resync found out; the next pass folds it in.</summary>
    public void Take(Finding finding)
    {
        Finding? seen;
        do
            seen = findings;
        while (Interlocked.CompareExchange(ref findings, finding with { Next = seen }, seen) != seen);
    }

    /// <summary>Adds to the history. Only for the owning pass.</summary>
    public void Note(Transition happened)
    {
        history = history.With(happened);
        MustRecord();
    }

    /// <summary>What is stored of the history is no longer right.</summary>
    public void MustRecord() => Interlocked.CompareExchange(ref recording, Unrecorded, Recorded);

    /// <summary>Takes a place among those whose history is to be written.</summary>
    /// <returns>False when what is stored is right, or the slot has its place already.</returns>
    public bool TryAwaitRecording() => Interlocked.CompareExchange(ref recording, AwaitsRecording, Unrecorded) == Unrecorded;

    /// <summary>The history is about to be read and written: what is noted from here on needs another write.</summary>
    public void BeginRecording() => Interlocked.Exchange(ref recording, Recorded);

    /// <summary>Folds the newest wish and all findings into the entry and its history. Only for the owning pass.</summary>
    public Entry Fold(DateTimeOffset now)
    {
        var folded = entry.Wished(wish, now);
        if (!ReferenceEquals(folded, entry))
            Note(new Transition(now, workflow.Provider, KindOf(folded)));
        for (var finding = Interlocked.Exchange(ref findings, null); finding is not null; finding = finding.Next)
        {
            var found = finding.FoldInto(folded, workflow);
            if (!ReferenceEquals(found, folded) && finding.Message is { } message)
                Note(new Transition(now, finding.Step, TransitionKind.Drifted) { Message = message });
            folded = found;
        }
        if (!ReferenceEquals(folded, entry))
            entry = folded;
        return folded;
    }

    private TransitionKind KindOf(Entry wished) => wished.Expected switch
    {
        ExpectedState.Undeployed => TransitionKind.Withdrawn,
        _ when entry.Expected == ExpectedState.Undeployed => TransitionKind.Detected,
        _ => TransitionKind.Updated,
    };
}
