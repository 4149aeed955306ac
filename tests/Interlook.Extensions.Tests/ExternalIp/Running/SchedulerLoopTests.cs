using System.Threading.Channels;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Running;
using Interlook.Extensions.ExternalIp.Timing;
using Interlook.Extensions.Tests.ExternalIp.Claims;
using Interlook.Fixtures;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Running;

/// <summary>A scheduler at work, and a node that does nothing but live.</summary>
public sealed class SchedulerLoopTests : IAsyncDisposable
{
    private readonly CancellationTokenSource life = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly InMemoryClaimStore store = new();
    private readonly WrittenDemands demands = new();
    private readonly Election election = new();
    private readonly StoreLine line;
    private readonly Task work;

    public SchedulerLoopTests()
    {
        line = new StoreLine(store);
        var times = FenceTimes.Of(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2));
        work = Task.WhenAll(
            new SchedulerLoop(new() { Times = times }, line, demands, election, TestContexts.Create("scheduler")).RunAsync(life.Token),
            LiveAsync(times.Heartbeat));
    }

    [Fact]
    public async Task One_that_is_not_elected_writes_nothing_until_it_is()
    {
        election.Say(false);
        demands.Ask("default/web", "10.0.0.7");
        var before = await HeartbeatAsync();
        await Eventually.TrueAsync("the node was heard of for a while", async () => await HeartbeatAsync() > before + 5);
        Assert.Empty((await store.Claims.ListAsync(life.Token)).Records);

        election.Say(true);

        await ClaimAsync("10-0-0-7-32");
    }

    [Fact]
    public async Task A_write_that_failed_is_made_again()
    {
        line.FailWrites(3);
        election.Say(true);

        demands.Ask("default/web", "10.0.0.7");

        await ClaimAsync("10-0-0-7-32");
    }

    [Fact]
    public async Task A_store_that_swallows_everything_for_a_while_delays_and_loses_nothing()
    {
        election.Say(true);
        demands.Ask("default/web", "10.0.0.7");
        await ClaimAsync("10-0-0-7-32");

        line.Cut();
        demands.Ask("default/other", "10.0.0.8");
        var before = await HeartbeatAsync();
        await Eventually.TrueAsync("requests have run out of time", async () => await HeartbeatAsync() > before + 5);
        line.Join();

        await ClaimAsync("10-0-0-8-32");
    }

    [Fact]
    public async Task An_address_pool_gives_a_service_its_address_and_refuses_the_next()
    {
        election.Say(true);
        await store.Pools.CreateAsync(
            new() { Metadata = ClaimMeta.Named("small"), Spec = new() { Cidr = "10.0.0.0/24", Ranges = [["10.0.0.9", "10.0.0.9"]] } }, life.Token);

        demands.Set(new() { Name = "default/a", AsksAuto = true });
        await ClaimAsync("10-0-0-9-24");
        demands.Set(new() { Name = "default/b", AsksAuto = true });

        await Eventually.TrueAsync("the second is refused", () => demands.Refusals is [{ Service: "default/b", Reason: Reason.Exhausted }]);
        await Eventually.TrueAsync("the list is written", async () =>
            (await store.Pools.ReadAsync("small", life.Token))!.Value.Value.Spec.Allocated.ContainsKey("10.0.0.9"));
    }

    public async ValueTask DisposeAsync()
    {
        await life.CancelAsync();
        await work;
        life.Dispose();
    }

    private async Task<long> HeartbeatAsync() => (await store.Nodes.ReadAsync("node", life.Token))?.Value.Revision ?? 0;

    private Task ClaimAsync(string name) => Eventually.TrueAsync(
        $"{name} is the node's", async () => (await store.Claims.ReadAsync(name, life.Token))?.Value.IsHeldBy("node") == true);

    private async Task LiveAsync(TimeSpan heartbeat)
    {
        using var timer = new PeriodicTimer(heartbeat, TimeProvider.System);
        try
        {
            await store.Nodes.CreateAsync(new() { Metadata = ClaimMeta.Named("node"), Revision = 1 }, life.Token);
            while (await timer.WaitForNextTickAsync(life.Token))
            {
                var own = (await store.Nodes.ReadAsync("node", life.Token))!.Value;
                await store.Nodes.UpdateAsync(own.Value with { Revision = own.Value.Revision + 1 }, own.Revision, life.Token);
            }
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // over
        }
    }

    private sealed class Election : ILeadership
    {
        private readonly Channel<bool> said = Channel.CreateUnbounded<bool>();

        internal void Say(bool leads) => said.Writer.TryWrite(leads);

        public async Task RunAsync(Func<CancellationToken, Task> leadAsync, CancellationToken stopping)
        {
            using var leading = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var work = Task.CompletedTask;
            await foreach (var one in said.Reader.ReadAllAsync(stopping))
            {
                if (one)
                    work = leadAsync(leading.Token);
            }
            await work;
        }
    }
}
