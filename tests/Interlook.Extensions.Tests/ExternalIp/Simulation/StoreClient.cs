using Interlook.Extensions.ExternalIp.Claims;

namespace Interlook.Extensions.Tests.ExternalIp.Simulation;

/// <summary>The way of one process to the store and back.</summary>
internal sealed class StoreClient(SimulatedStore store, SimulatedProcess process)
{
    private readonly Clockwork clock = store.Clock;

    public bool IsCut { get; set; }

    public StoreWatch<NodeRecord>? Nodes { get; private set; }

    public StoreWatch<Claim>? Claims { get; private set; }

    public StoreWatch<ClaimPool>? Pools { get; private set; }

    public bool Reaches => !IsCut && !store.IsDown;

    /// <summary>Follows the kinds that are asked for, from now on and for this start of the process.</summary>
    public void Follow(Action<RecordView<NodeRecord>>? nodes, Action<RecordView<Claim>>? claims, Action<RecordView<ClaimPool>>? pools)
    {
        Nodes = nodes is null ? null : new(this, store.Nodes, nodes);
        Claims = claims is null ? null : new(this, store.Claims, claims);
        Pools = pools is null ? null : new(this, store.Pools, pools);
        Nodes?.Changed();
        Claims?.Changed();
        Pools?.Changed();
    }

    /// <summary>A request that is done at one moment between its sending and its answer, or not at all, or is done and never answered.</summary>
    public void Call<TAnswer>(Func<TAnswer> request, Action<TAnswer> answered, Action failed, TimeSpan patience)
    {
        var isOver = false;
        var fail = process.OfThisStart(() => End(failed));
        clock.AfterMilliseconds(Way(), () =>
        {
            if (!Reaches)
            {
                // Refused at once, or swallowed.
                if (clock.Strikes(0.5))
                    clock.AfterMilliseconds(1, fail);
                return;
            }
            var answer = request();
            var answering = process.OfThisStart(() => End(() => answered(answer)));
            clock.AfterMilliseconds(Way(), () =>
            {
                if (Reaches)
                    answering();
            });
        });
        clock.After(patience, fail);

        void End(Action what)
        {
            if (isOver)
                return;
            isOver = true;
            what();
        }
    }

    public double Way() => clock.Strikes(store.Slowness) ? clock.Between(20, 700) : clock.Between(0.3, 4);

    public Clockwork Clock => clock;

    public SimulatedProcess Process => process;
}

/// <summary>A watch of one kind: later than the store, never backwards, several changes as one.</summary>
internal sealed class StoreWatch<T>(StoreClient client, StoreTable<T> table, Action<RecordView<T>> seen)
    where T : class
{
    private readonly Action<RecordView<T>> deliver = seen;
    private bool isUnderWay;
    private bool isBehind;

    public void Changed()
    {
        if (isUnderWay)
        {
            isBehind = true;
            return;
        }
        isUnderWay = true;
        var view = table.List();
        var arrive = client.Process.OfThisStart(() => deliver(view));
        client.Clock.AfterMilliseconds(client.Way() + (client.Clock.Strikes(0.1) ? client.Clock.Between(0, 40) : 0), () => Arrive(arrive));
    }

    private void Arrive(Action arrive)
    {
        if (!client.Process.Runs)
            return;
        if (!client.Reaches)
        {
            // It connects anew and reads everything.
            isBehind = true;
            client.Clock.AfterMilliseconds(client.Clock.Between(20, 100), () => Arrive(() => { }));
            return;
        }
        isUnderWay = false;
        arrive();
        if (isBehind)
        {
            isBehind = false;
            Changed();
        }
    }
}
