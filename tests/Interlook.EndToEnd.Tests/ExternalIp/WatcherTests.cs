using System.Net;
using Interlook.Fixtures;
using Interlook.Fixtures.Networks;
using Xunit;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>That the client of the other tests would see what must never be, and how long nobody answers.</summary>
public sealed class WatcherTests
{
    public static TheoryData<string> Both => [NetworkLaboratory.FreeAddress(1).ToString(), NetworkLaboratory.FreeIpv6Address(1).ToString()];

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Two_that_answer_for_one_address_and_the_time_when_nobody_does_are_seen(string address)
    {
        await using var network = await NetworkLaboratory.CreateAsync("node1", "node2", "client");
        using var watcher = await AnswerWatcher.StartAsync(network["client"]);
        var seen = watcher.Watch(IPAddress.Parse(address));

        await AddAsync("node1");
        await Eventually.TrueAsync("one answers", () => seen.Answers > 5);
        Assert.Empty(watcher.Seconds);
        await AddAsync("node2");
        await Eventually.TrueAsync("both answer", () => seen.Seconds.Count > 5);
        Assert.Equal([.. await HardwareAsync()], seen.Seconds.SelectMany(each => new[] { each.First.ToString(), each.Second.ToString() }).Distinct().Order());

        foreach (var node in new[] { "node1", "node2" })
            await network[node].Namespace.IpAsync($"address delete {address} dev eth0");
        var from = watcher.Now;
        await Eventually.TrueAsync("time passes", () => watcher.Now - from > TimeSpan.FromMilliseconds(300));
        var to = watcher.Now;
        await AddAsync("node2");
        await Eventually.TrueAsync("the gap is over", () => seen.Gaps.Any(gap => gap.From < from + TimeSpan.FromMilliseconds(20) && gap.To > to));
        Assert.Equal(seen.LongestGap(), seen.LongestGap(after: from));

        Task<string> AddAsync(string node) => network[node].Namespace.IpAsync($"address add {address} dev eth0{(address.Contains(':') ? " nodad" : "")}");

        async Task<IEnumerable<string>> HardwareAsync()
        {
            var both = new List<string>();
            foreach (var node in new[] { "node1", "node2" })
                both.Add((await network[node].HardwareOnAsync(LaboratoryNetwork.Front)).Replace(":", "").ToUpperInvariant());
            return both.Order();
        }
    }
}
