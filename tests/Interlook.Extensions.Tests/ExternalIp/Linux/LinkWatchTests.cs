using Interlook.Extensions.ExternalIp.Linux;
using Interlook.Fixtures.Networks;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Linux;

/// <summary>What the kernel tells of an interface.</summary>
public sealed class LinkWatchTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Removed_addresses_carriers_and_interfaces_made_again_are_told()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node");
        var node = laboratory["node"];
        using var link = node.Open();
        await using var news = link.FollowAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.IsType<LinkNews.Unknown>(await NextAsync());
        var before = link.Read().State!;
        link.Add([LinkAddress.Parse("10.77.0.1/32")], Minute);

        await node.Namespace.IpAsync("address delete 10.77.0.1/32 dev eth0");
        Assert.Equal("10.77.0.1", Assert.IsType<LinkNews.AddressGone>(await NextAsync()).Address.ToString());

        await laboratory.UnplugAsync(node, LaboratoryNetwork.Front);
        await UntilAsync(view => view.State is { IsRunning: false });

        await laboratory.PlugAsync(node, LaboratoryNetwork.Front);
        await UntilAsync(view => view.State is { IsRunning: true });

        await node.Namespace.IpAsync("link delete eth0");
        await UntilAsync(view => view.State is null);

        await laboratory.PlugInAsync(node, LaboratoryNetwork.Front);
        await UntilAsync(view => view.State is { IsRunning: true } now && now.Index != before.Index);

        async Task<LinkNews> NextAsync()
        {
            Assert.True(await news.MoveNextAsync());
            return news.Current;
        }

        async Task UntilAsync(Func<LinkView, bool> condition)
        {
            while (!condition(link.Read()))
                await NextAsync();
        }
    }
}
