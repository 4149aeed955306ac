using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Storage;

namespace Interlook.Extensions.Tests.ExternalIp.Simulation;

/// <summary>A store with one revision counter, linearizable reads and writes, and watches that come late.</summary>
internal sealed class SimulatedStore(Clockwork clock, Mutant mutant)
{
    private readonly List<StoreClient> clients = [];

    public bool IsDown { get; set; }

    /// <summary>How many of the messages take long.</summary>
    public double Slowness { get; set; } = 0.02;

    public Clockwork Clock => clock;

    public Mutant Mutant => mutant;

    public long Revision { get; set; }

    public StoreTable<NodeRecord> Nodes => field ??= new(this, node => node.Metadata.Name, client => client.Nodes);

    public StoreTable<Claim> Claims => field ??= new(this, claim => claim.Metadata.Name, client => client.Claims);

    public StoreTable<ClaimPool> Pools => field ??= new(this, pool => pool.Metadata.Name, client => client.Pools);

    public IReadOnlyList<StoreClient> Clients => clients;

    public StoreClient Connect(SimulatedProcess process)
    {
        var client = new StoreClient(this, process);
        clients.Add(client);
        return client;
    }
}

/// <summary>The records of one kind.</summary>
internal sealed class StoreTable<T>(SimulatedStore store, Func<T, string> nameOf, Func<StoreClient, StoreWatch<T>?> watchOf)
    where T : class
{
    public RecordView<T> View { get; private set; } = RecordView<T>.Empty;

    /// <summary>When a record of this kind was last written.</summary>
    public int Writes { get; private set; }

    /// <summary>Sees every write before it is done: the record as it stands, and as it will.</summary>
    public Action<T?, T?>? Written { get; set; }

    public RecordView<T> List() => View with { At = new Revision(store.Revision) };

    public StoredRecord<T>? Read(string name) => View.Records.TryGetValue(name, out var record) ? record : null;

    public WriteResult Write(string name, Revision expected, T? value)
    {
        var known = View.Records.TryGetValue(name, out var stored);
        if (!known && expected != Revision.None)
            return new(WriteOutcome.Missing);
        if (known && stored.Revision != expected && !(store.Mutant == Mutant.WritesBlindly && expected != Revision.None))
            return new(expected == Revision.None ? WriteOutcome.Exists : WriteOutcome.Conflict);
        if (value is not null && nameOf(value) != name)
            throw new InvalidOperationException($"{name} is written as {nameOf(value)}");
        Written?.Invoke(known ? stored.Value : null, value);
        Writes++;
        var revision = new Revision(++store.Revision);
        View = new(revision, value is null ? View.Records.Remove(name) : View.Records.SetItem(name, new(revision, value)));
        foreach (var client in store.Clients)
            watchOf(client)?.Changed();
        return new(WriteOutcome.Written, revision);
    }
}
