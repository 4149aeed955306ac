using Interlook.Fixtures;
using Xunit;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>As many addresses as a large cluster has; with the default times: on a busy machine nobody is to be given up by mistake.</summary>
[Collection(VipCollection.Name)]
public sealed class ManyVipsTests(VipsInKubernetes vips) : LaboratoryTest(vips.Laboratory, [])
{
    // A write that was refused is decided again by what is known then, and what was given is not moved to be fairer.
    private const int Uneven = 5;

    [Fact]
    public async Task Five_hundred_addresses_are_spread_evenly_and_those_of_a_dead_node_over_the_others()
    {
        var addresses = await Laboratory.AskManyAsync(services: 50, addressesOfEach: 10);
        Assert.All((await HoldersAsync()).Values, count => Assert.InRange(count, addresses.Count / 3 - Uneven, addresses.Count / 3 + Uneven));

        var node = Laboratory.Nodes[1];
        await node.KillAsync();

        var hardware = await node.HardwareAsync();
        await Eventually.TrueAsync("others answer for all", () => addresses.All(each => !each.Turns[^1].Hardware.Equals(hardware)), TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync("the node has none", async () => await node.CountAsync() == 0);
        var holders = await HoldersAsync();
        Assert.Equal([Laboratory.Nodes[0].Name, Laboratory.Nodes[2].Name], holders.Keys.Order());
        Assert.All(holders.Values, count => Assert.InRange(count, addresses.Count / 2 - Uneven, addresses.Count / 2 + Uneven));
        Assert.All(addresses, each => Assert.InRange(each.Turns.Count, 1, 2));
    }

    private async Task<Dictionary<string, int>> HoldersAsync() =>
        (await Laboratory.Place.ClaimsAsync()).GroupBy(claim => claim.Holder).ToDictionary(claims => claims.Key, claims => claims.Count());
}
