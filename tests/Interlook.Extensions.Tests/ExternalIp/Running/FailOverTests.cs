using Interlook.Fixtures;
using Interlook.Fixtures.Networks;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Running;

/// <summary>Agents on the machines of a real network, a scheduler, and a client that asks all the time who has the address.</summary>
public sealed class FailOverTests
{
    public static TheoryData<string> Both => [NetworkLaboratory.FreeAddress(1).ToString(), NetworkLaboratory.FreeIpv6Address(1).ToString()];

    [Theory]
    [MemberData(nameof(Both))]
    public async Task An_address_that_a_service_asks_for_is_on_one_node_and_goes_with_the_service(string address)
    {
        await using var laboratory = await ClaimsLaboratory.CreateAsync();
        await using var client = Ask(laboratory, address);

        laboratory.Demands.Ask("default/web", address);
        var holder = await laboratory.HolderAsync(address);
        await Eventually.TrueAsync("it answers", () => client.Count > 10);
        Assert.Equal([holder.Hardware], client.Turns);

        laboratory.Demands.Withdraw("default/web");
        await Eventually.TrueAsync("its claim is gone", async () => (await laboratory.Store.Claims.ListAsync(CancellationToken.None)).Records.IsEmpty);
        Assert.All(laboratory.Nodes, node => Assert.Empty(node.Addresses));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Another_node_takes_over_from_one_that_stopped_dead_and_never_are_there_two(string address)
    {
        await using var laboratory = await ClaimsLaboratory.CreateAsync();
        await using var client = Ask(laboratory, address);
        var former = await HoldAsync(laboratory, client, address);

        former.Freeze();
        var next = await AnsweredByAnotherAsync(laboratory, client, address, former);
        former.Continue();
        await ClaimsLaboratory.LetPassAsync(laboratory.Times.Expiry * 2);

        Tell(client);
        Assert.Equal([former.Hardware, next.Hardware], client.Turns);
        Assert.Empty(former.Addresses);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_node_that_alone_cannot_reach_the_store_lets_go_before_another_takes(string address)
    {
        await using var laboratory = await ClaimsLaboratory.CreateAsync();
        await using var client = Ask(laboratory, address);
        var former = await HoldAsync(laboratory, client, address);

        former.Line.Cut();
        var next = await AnsweredByAnotherAsync(laboratory, client, address, former);
        former.Line.Join();
        await ClaimsLaboratory.LetPassAsync(laboratory.Times.Expiry * 2);

        Tell(client);
        Assert.Equal([former.Hardware, next.Hardware], client.Turns);
        Assert.Empty(former.Addresses);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task While_nobody_reaches_the_store_the_address_stays_where_it_is(string address)
    {
        await using var laboratory = await ClaimsLaboratory.CreateAsync();
        await using var client = Ask(laboratory, address);
        var holder = await HoldAsync(laboratory, client, address);

        laboratory.Line.Cut();
        foreach (var node in laboratory.Nodes)
            node.Line.Cut();
        await ClaimsLaboratory.LetPassAsync(laboratory.Times.Expiry * 4);
        var before = client.Count;
        await Eventually.TrueAsync("it still answers", () => client.Count > before + 10);
        laboratory.Line.Join();
        foreach (var node in laboratory.Nodes)
            node.Line.Join();
        await ClaimsLaboratory.LetPassAsync(laboratory.Times.Expiry * 2);

        Tell(client);
        Assert.Equal([holder.Hardware], client.Turns);
        Assert.Same(holder, laboratory.Holder(address));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_node_that_is_told_to_end_hands_its_address_over(string address)
    {
        await using var laboratory = await ClaimsLaboratory.CreateAsync();
        await using var client = Ask(laboratory, address);
        var former = await HoldAsync(laboratory, client, address);

        await former.TerminateAsync();
        var next = await AnsweredByAnotherAsync(laboratory, client, address, former);
        await former.Work;

        Tell(client);
        Assert.Equal([former.Hardware, next.Hardware], client.Turns);
        var claim = Assert.Single((await laboratory.Store.Claims.ListAsync(CancellationToken.None)).Records.Values).Value;
        Assert.True(claim.IsHeldBy(next.Name));
        Assert.Empty(claim.From);
        Assert.Equal(former.Name, claim.Status?.LeftBy);
    }

    [Fact]
    public async Task Addresses_of_new_services_answer_one_after_another()
    {
        await using var laboratory = await ClaimsLaboratory.CreateAsync();
        string[] addresses = [.. Enumerable.Range(1, 20).SelectMany(number => new[] { $"10.99.1.{number}", $"fd99::2:{number}" })];
        var took = new List<TimeSpan>();

        foreach (var address in addresses)
        {
            await using var client = Ask(laboratory, address);
            var begun = TimeProvider.System.GetTimestamp();
            laboratory.Demands.Ask($"default/{address}", address);
            await Eventually.TrueAsync($"{address} answers", () => client.Count > 0);
            took.Add(client.FirstAfter(begun)!.Value);
        }

        Assert.Equal(addresses.Length, laboratory.Nodes.Sum(node => node.Addresses.Count));
        took.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine($"median {took[took.Count / 2].TotalMilliseconds:F0} ms, longest {took[^1].TotalMilliseconds:F0} ms");
    }

    [Fact]
    public async Task Many_addresses_of_both_families_are_spread_and_move_without_a_second_holder()
    {
        await using var laboratory = await ClaimsLaboratory.CreateAsync();
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

    private static AnswerSampler Ask(ClaimsLaboratory laboratory, string address) => new(laboratory.Client, System.Net.IPAddress.Parse(address));

    private static async Task<RunningNode> HoldAsync(ClaimsLaboratory laboratory, AnswerSampler client, string address)
    {
        laboratory.Demands.Ask("default/web", address);
        var holder = await laboratory.HolderAsync(address);
        await Eventually.TrueAsync("it answers", () => client.Count > 10);
        return holder;
    }

    private static async Task<RunningNode> AnsweredByAnotherAsync(ClaimsLaboratory laboratory, AnswerSampler client, string address, RunningNode former)
    {
        var next = await laboratory.HolderAsync(address, former);
        await Eventually.TrueAsync("the other answers", () => client.Turns[^1].Equals(next.Hardware));
        return next;
    }

    private static void Tell(AnswerSampler client) =>
        TestContext.Current.TestOutputHelper?.WriteLine($"{client.Count} answers, longest gap {client.LongestGap.TotalMilliseconds:F0} ms");
}
