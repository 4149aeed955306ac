using Interlook.Extensions.ExternalIp.Running;
using Interlook.Extensions.ExternalIp.Timing;
using Interlook.Extensions.Tests.ExternalIp.Claims;
using Interlook.Fixtures;
using Interlook.Fixtures.Networks;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Running;

/// <summary>The recipe for addresses that routers know: the same name everywhere, and the interface lo.</summary>
public sealed class AnycastTests
{
    [Fact]
    public async Task Machines_of_one_name_all_have_the_addresses_and_one_that_ends_takes_them_from_nobody()
    {
        var times = FenceTimes.Of(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1));
        await using var network = await NetworkLaboratory.CreateAsync("node1", "node2", "node3");
        var store = new InMemoryClaimStore();
        var demands = new WrittenDemands();
        using var life = new CancellationTokenSource();
        var scheduling = new SchedulerLoop(new() { Times = times }, store, demands, new AlwaysLeading(), TestContexts.Create("claims")).RunAsync(life.Token);
        RunningNode[] nodes = [.. network.Machines.Select(machine => new RunningNode(machine, store, times, TestContexts.Create("claims"), "anycast", "lo"))];
        try
        {
            demands.Ask("default/web", "10.99.1.1", "fd99::2:1");
            await Eventually.TrueAsync("all have both addresses", () => nodes.All(node => node.Addresses.Count == 2));
            await ClaimsLaboratory.LetPassAsync(times.Expiry * 2);
            var before = (await store.Claims.ListAsync(CancellationToken.None)).Records;
            Assert.All(before.Values, claim => Assert.True(claim.Value.IsHeldBy("anycast")));

            await nodes[0].TerminateAsync();
            await nodes[0].Work;
            await ClaimsLaboratory.LetPassAsync(times.Expiry * 2);

            Assert.Empty(nodes[0].Addresses);
            Assert.All(nodes[1..], node => Assert.Equal(2, node.Addresses.Count));
            Assert.Equal(before.Values.Select(claim => claim.Revision), (await store.Claims.ListAsync(CancellationToken.None)).Records.Values.Select(claim => claim.Revision));
        }
        finally
        {
            await life.CancelAsync();
            await scheduling;
            foreach (var claim in (await store.Claims.ListAsync(CancellationToken.None)).Records)
                await store.Claims.DeleteAsync(claim.Key, claim.Value.Revision, CancellationToken.None);
            foreach (var node in nodes)
                await node.DisposeAsync();
        }
    }
}
