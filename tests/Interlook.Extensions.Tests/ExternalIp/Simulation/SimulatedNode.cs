using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Holding;
using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Extensions.ExternalIp.Timing;
using Interlook.Storage;

namespace Interlook.Extensions.Tests.ExternalIp.Simulation;

/// <summary>One machine with the agent on it: brings the agent's passes to store, peers and link, and back.</summary>
internal sealed class SimulatedNode
{
    private readonly World world;
    private readonly FenceTimes times;
    private NodeAgent agent;
    private SimulatedKeeper keeper;
    private TimeSpan nextPass;
    private bool isPassing;
    private bool passesAgain;

    public SimulatedNode(World world, string name)
    {
        this.world = world;
        Name = name;
        times = world.Mutant == Mutant.FencesTooLate ? FenceTimes.Of(world.Times.Heartbeat, world.Times.Monitor * 2) : world.Times;
        Process = new SimulatedProcess(world.Clock);
        Kernel = new SimulatedKernel(name, world.Clock);
        Client = world.Store.Connect(Process);
        (agent, keeper) = Make();
    }

    public string Name { get; }

    public SimulatedProcess Process { get; }

    public SimulatedKernel Kernel { get; }

    public StoreClient Client { get; }

    /// <summary>The nodes to which no datagram goes and from which none comes.</summary>
    public HashSet<SimulatedNode> Unheard { get; } = [];

    public bool HasClaims => agent.HasClaims;

    public void Start()
    {
        Process.Start();
        (agent, keeper) = Make();
        nextPass = TimeSpan.MaxValue;
        keeper.Apply(HeldAddresses.Nothing);
        Client.Follow(
            view => Tell(() => agent.NodesSeen(view, Process.Now)),
            view => Tell(() => agent.ClaimsSeen(view)),
            null);
        Pass();
    }

    public void Drain() => Process.Do(() => Tell(() => agent.Drain(Process.Now)));

    public void Release() => Process.Do(() => Tell(() => agent.Release(Process.Now)));

    public void PowerOff()
    {
        Process.Kill();
        Kernel.Clear();
    }

    private (NodeAgent, SimulatedKeeper) Make()
    {
        var fresh = new NodeAgent(Name, new NodeStatus { Address = "192.0.2.1", Port = 1 }, times);
        return (fresh, new SimulatedKeeper(world, Kernel, Process, times, Pass));
    }

    private void Tell(Action what)
    {
        what();
        Pass();
    }

    private void Pass()
    {
        if (isPassing)
        {
            passesAgain = true;
            return;
        }
        isPassing = true;
        do
        {
            passesAgain = false;
            var pass = agent.Pass(Process.Now, keeper);
            keeper.Apply(pass.Holding);
            Do(pass);
            var wait = pass.NextLook > Process.Now ? pass.NextLook : Process.Now + TimeSpan.FromMilliseconds(1);
            if (wait < nextPass || nextPass <= Process.Now)
            {
                nextPass = wait;
                Process.At(wait, Pass);
            }
        }
        while (passesAgain);
        isPassing = false;
    }

    private void Do(AgentPass pass)
    {
        var patience = times.Heartbeat / 2;
        if (pass.Heartbeat is { } heartbeat)
        {
            Client.Call(
                () => world.Store.Nodes.Write(Name, heartbeat.Expected, heartbeat.Record),
                result => Tell(() => agent.HeartbeatAnswered(heartbeat, result, Process.Now)),
                () => Tell(() => agent.HeartbeatFailed(heartbeat, Process.Now)),
                times.Heartbeat * 3);
        }
        if (pass.ReadsOwn)
        {
            Client.Call(
                () => world.Store.Nodes.Read(Name),
                record => Tell(() => agent.OwnRead(record, Process.Now)),
                () => Tell(() => agent.OwnReadFailed(Process.Now)),
                patience);
        }
        if (pass.Listing is { } number)
        {
            Client.Call(
                world.Store.Claims.List,
                view => Tell(() => agent.ClaimsListed(number, world.Mutant == Mutant.TakesNothingAnew ? Unread(view) : view, Process.Now)),
                () => Tell(() => agent.ListingFailed(number, Process.Now)),
                patience);
        }
        foreach (var write in pass.Claims)
            Write(write, patience);
        foreach (var peer in pass.Questions)
            Ask(peer);
    }

    /// <summary>The same claims, and a revision from which all of them count as newer than the list.</summary>
    private RecordView<Claim> Unread(RecordView<Claim> view)
    {
        agent.ClaimsSeen(view);
        return view with { At = Revision.None };
    }

    private void Write(ClaimWrite write, TimeSpan patience) => Client.Call<WriteResult?>(
        () => world.Store.Claims.Write(write.Name, write.Expected, write.Value),
        result => Tell(() => agent.ClaimWritten(write, result, Process.Now)),
        () => Tell(() => agent.ClaimWritten(write, null, Process.Now)),
        patience);

    private void Ask(string name)
    {
        var askedAt = Process.Now;
        if (world.Mutant == Mutant.TakesSilenceForConsent)
            agent.PeerAnswered(name, askedAt, false);
        var peer = world.Nodes.FirstOrDefault(node => node.Name == name);
        if (peer is null)
            return;
        var answered = Process.OfThisStart;
        world.Clock.AfterMilliseconds(world.Clock.Between(0.2, 4), () =>
        {
            if (Unheard.Contains(peer))
                return;
            peer.Process.Do(() =>
            {
                var hasContact = peer.Answer();
                world.Clock.AfterMilliseconds(world.Clock.Between(0.2, 4), answered(() =>
                {
                    // Looked at with the next pass, which is never far while this node asks.
                    if (!Unheard.Contains(peer))
                        agent.PeerAnswered(name, askedAt, hasContact);
                }));
            });
        });
    }

    private bool Answer()
    {
        if (world.Mutant == Mutant.ForgetsItsAnswers)
            return Client.Reaches;
        var hasContact = agent.AnswerPeer(Process.Now);
        Pass();
        return hasContact;
    }
}
