using System.Net;
using Interlook.Fixtures;
using Interlook.Fixtures.ExternalIp;
using Interlook.Fixtures.Networks;
using Xunit;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>
/// Six VIPs of one service, three of each family, two on each node; and the node that will be hurt, which has one of each. What has become of them since is
/// what the client was answered.
/// </summary>
internal sealed class AskedVips
{
    /// <summary>Who asks for them.</summary>
    internal const string Service = "shop";

    private readonly VipLaboratory laboratory;
    private readonly List<WatchedAddress> moving;
    private readonly List<WatchedAddress> staying;
    private TimeSpan since;

    private AskedVips(VipLaboratory laboratory, MachineProgram hurt, List<WatchedAddress> moving, List<WatchedAddress> staying)
    {
        this.laboratory = laboratory;
        Hurt = hurt;
        this.moving = moving;
        this.staying = staying;
        since = laboratory.Watcher.Now;
    }

    /// <summary>The node that will be hurt.</summary>
    internal MachineProgram Hurt { get; }

    /// <summary>The addresses of the node that will be hurt.</summary>
    internal IReadOnlyList<WatchedAddress> Moving => moving;

    /// <summary>The addresses of the others.</summary>
    internal IReadOnlyList<WatchedAddress> Staying => staying;

    /// <summary>Asks for them, and waits until all answer.</summary>
    internal static async Task<AskedVips> AskAsync(VipLaboratory laboratory)
    {
        IPAddress[] addresses = [.. Enumerable.Range(1, 3).SelectMany(number => new[] { NetworkLaboratory.FreeAddress(number), NetworkLaboratory.FreeIpv6Address(number) })];
        await laboratory.AskAsync(Service, addresses);
        var hurt = (await laboratory.Place.ClaimsAsync()).GroupBy(claim => claim.Holder)
            .MaxBy(claims => claims.Select(claim => claim.Address.AddressFamily).Distinct().Count())!;
        var there = hurt.Select(claim => claim.Address).ToHashSet();
        var watched = addresses.Select(laboratory.Watcher.Watch).ToLookup(each => there.Contains(each.Address));
        return new(laboratory, laboratory.Nodes.Single(node => node.Name == hurt.Key), [.. watched[true]], [.. watched[false]]);
    }

    /// <summary>From now on is what counts.</summary>
    internal void Mark() => since = laboratory.Watcher.Now;

    /// <summary>Waits until others answer for what the hurt node had. Nobody else did so since, and what others had did not move.</summary>
    internal async Task MovedAsync()
    {
        var former = await Hurt.HardwareAsync();
        await Eventually.TrueAsync("others answer", () => moving.All(each => !each.Turns[^1].Hardware.Equals(former)), TimeSpan.FromMinutes(1));
        await laboratory.AnsweringAsync([.. moving, .. staying]);
        Assert.All(moving, each => Assert.Single(each.Turns, turn => turn.Since > since));
        Assert.All(staying, each => Assert.DoesNotContain(each.Turns, turn => turn.Since > since));
        TestContext.Current.TestOutputHelper?.WriteLine($"gaps: {string.Join(", ", moving.Select(each => $"{each.Address} {each.LongestGap(since).TotalMilliseconds:F0} ms"))}");
    }

    /// <summary>Waits until the hurt node has nothing of ours left, while the others answer.</summary>
    internal async Task PurgedAsync()
    {
        await Eventually.TrueAsync($"{Hurt.Name} has let go", async () => await Hurt.CountAsync() == 0, TimeSpan.FromMinutes(1));
        await MovedAsync();
    }

    /// <summary>All answer, and from where they did.</summary>
    internal async Task StayedAsync()
    {
        await laboratory.AnsweringAsync([.. moving, .. staying]);
        Assert.All(moving.Concat(staying), each => Assert.DoesNotContain(each.Turns, turn => turn.Since > since));
    }
}
