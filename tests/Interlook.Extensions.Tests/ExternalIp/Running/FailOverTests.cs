using System.Net;
using System.Net.NetworkInformation;
using Interlook.Fixtures;
using Interlook.Fixtures.Networks;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Running;

/// <summary>Agents on the machines of a real network, a scheduler, and a client that asks all the time who has the address.</summary>
public sealed class FailOverTests : IAsyncLifetime
{
    private ClaimsLaboratory laboratory = null!;
    private AnswerWatcher client = null!;

    public static TheoryData<string> Both => [NetworkLaboratory.FreeAddress(1).ToString(), NetworkLaboratory.FreeIpv6Address(1).ToString()];

    public async ValueTask InitializeAsync()
    {
        laboratory = await ClaimsLaboratory.CreateAsync();
        client = await AnswerWatcher.StartAsync(laboratory.Client);
    }

    public async ValueTask DisposeAsync()
    {
        var seconds = client.Seconds;
        client.Dispose();
        await laboratory.DisposeAsync();
        Assert.Empty(seconds);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task An_address_that_a_service_asks_for_is_on_one_node_and_goes_with_the_service(string address)
    {
        var (seen, holder) = await HoldAsync(address);
        Assert.Equal([holder.Hardware], Turns(seen));

        laboratory.Demands.Withdraw("default/web");
        await Eventually.TrueAsync("its claim is gone", async () => (await laboratory.Store.Claims.ListAsync(CancellationToken.None)).Records.IsEmpty);
        Assert.All(laboratory.Nodes, node => Assert.Empty(node.Addresses));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Another_node_takes_over_from_one_that_stopped_dead_and_never_are_there_two(string address)
    {
        var (seen, former) = await HoldAsync(address);

        former.Freeze();
        var next = await AnsweredByAnotherAsync(seen, former);
        former.Continue();
        await ClaimsLaboratory.LetPassAsync(laboratory.Times.Expiry * 2);

        Tell(seen);
        Assert.Equal([former.Hardware, next.Hardware], Turns(seen));
        Assert.Empty(former.Addresses);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_node_that_alone_cannot_reach_the_store_lets_go_before_another_takes(string address)
    {
        var (seen, former) = await HoldAsync(address);

        former.Line.Cut();
        var next = await AnsweredByAnotherAsync(seen, former);
        former.Line.Join();
        await ClaimsLaboratory.LetPassAsync(laboratory.Times.Expiry * 2);

        Tell(seen);
        Assert.Equal([former.Hardware, next.Hardware], Turns(seen));
        Assert.Empty(former.Addresses);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task While_nobody_reaches_the_store_the_address_stays_where_it_is(string address)
    {
        var (seen, holder) = await HoldAsync(address);

        laboratory.Line.Cut();
        foreach (var node in laboratory.Nodes)
            node.Line.Cut();
        await ClaimsLaboratory.LetPassAsync(laboratory.Times.Expiry * 4);
        var before = seen.Answers;
        await Eventually.TrueAsync("it still answers", () => seen.Answers > before + 10);
        laboratory.Line.Join();
        foreach (var node in laboratory.Nodes)
            node.Line.Join();
        await ClaimsLaboratory.LetPassAsync(laboratory.Times.Expiry * 2);

        Tell(seen);
        Assert.Equal([holder.Hardware], Turns(seen));
        Assert.Same(holder, laboratory.Holder(address));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_node_that_is_told_to_end_hands_its_address_over(string address)
    {
        var (seen, former) = await HoldAsync(address);

        await former.TerminateAsync();
        var next = await AnsweredByAnotherAsync(seen, former);
        await former.Work;

        Tell(seen);
        Assert.Equal([former.Hardware, next.Hardware], Turns(seen));
        var claim = Assert.Single((await laboratory.Store.Claims.ListAsync(CancellationToken.None)).Records.Values).Value;
        Assert.True(claim.IsHeldBy(next.Name));
        Assert.Empty(claim.From);
        Assert.Equal(former.Name, claim.Status?.LeftBy);
    }

    [Fact]
    public async Task Addresses_of_new_services_answer_one_after_another()
    {
        string[] addresses = [.. Enumerable.Range(1, 20).SelectMany(number => new[] { $"10.99.1.{number}", $"fd99::2:{number}" })];
        var took = new List<TimeSpan>();

        foreach (var address in addresses)
        {
            var seen = client.Watch(IPAddress.Parse(address));
            var begun = client.Now;
            laboratory.Demands.Ask($"default/{address}", address);
            await Eventually.TrueAsync($"{address} answers", () => seen.Answers > 0);
            took.Add(seen.Turns[0].Since - begun);
            client.Leave(seen.Address);
        }

        Assert.Equal(addresses.Length, laboratory.Nodes.Sum(node => node.Addresses.Count));
        took.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine($"median {took[took.Count / 2].TotalMilliseconds:F0} ms, longest {took[^1].TotalMilliseconds:F0} ms");
    }

    [Fact]
    public async Task Many_addresses_of_both_families_are_spread_and_move_without_a_second_holder()
    {
        string[] addresses = [.. Enumerable.Range(1, 30).SelectMany(number => new[] { $"10.99.1.{number}", $"fd99::2:{number}" })];
        for (var at = 0; at < addresses.Length; at++)
            laboratory.Demands.Ask($"default/web{at}", addresses[at]);
        await Eventually.TrueAsync("all are there", () => laboratory.Nodes.Sum(node => node.Addresses.Count) == addresses.Length);
        Assert.All(laboratory.Nodes, node => Assert.Equal(addresses.Length / 3, node.Addresses.Count));

        var former = laboratory.Nodes[1];
        former.Freeze();

        await Eventually.TrueAsync("all are on the two others", () => former.Addresses.Count == 0 && laboratory.Nodes.Sum(node => node.Addresses.Count) == addresses.Length);
        Assert.All(addresses, address => Assert.NotNull(laboratory.Holder(address)));
    }

    private static IEnumerable<PhysicalAddress> Turns(WatchedAddress seen) => seen.Turns.Select(turn => turn.Hardware);

    private static void Tell(WatchedAddress seen) =>
        TestContext.Current.TestOutputHelper?.WriteLine($"{seen.Answers} answers, longest gap {seen.LongestGap().TotalMilliseconds:F0} ms");

    private async Task<(WatchedAddress Seen, RunningNode Holder)> HoldAsync(string address)
    {
        var seen = client.Watch(IPAddress.Parse(address));
        laboratory.Demands.Ask("default/web", address);
        var holder = await laboratory.HolderAsync(address);
        await Eventually.TrueAsync("it answers", () => seen.Answers > 10);
        return (seen, holder);
    }

    private async Task<RunningNode> AnsweredByAnotherAsync(WatchedAddress seen, RunningNode former)
    {
        var next = await laboratory.HolderAsync(seen.Address.ToString(), former);
        await Eventually.TrueAsync("the other answers", () => seen.Turns[^1].Hardware.Equals(next.Hardware));
        return next;
    }
}
