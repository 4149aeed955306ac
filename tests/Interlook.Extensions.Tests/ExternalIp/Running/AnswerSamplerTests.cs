using System.Net;
using Interlook.Fixtures;
using Interlook.Fixtures.Networks;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Running;

/// <summary>That the client of the other tests would see what must never be.</summary>
public sealed class AnswerSamplerTests
{
    public static TheoryData<string> Both => [NetworkLaboratory.FreeAddress(1).ToString(), NetworkLaboratory.FreeIpv6Address(1).ToString()];

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Two_that_answer_for_one_address_are_seen(string address)
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node1", "node2", "client");
        await using var client = new AnswerSampler(laboratory["client"], IPAddress.Parse(address));

        await laboratory["node1"].Namespace.IpAsync($"address add {address} dev eth0{(address.Contains(':') ? " nodad" : "")}");
        await Eventually.TrueAsync("one answers", () => client.Count > 5);
        Assert.Single(client.Turns);
        await laboratory["node2"].Namespace.IpAsync($"address add {address} dev eth0{(address.Contains(':') ? " nodad" : "")}");

        await Eventually.TrueAsync("they answer in turn", () => client.Turns.Count > 5);
        Assert.Equal(2, client.Turns.Distinct().Count());
    }
}
