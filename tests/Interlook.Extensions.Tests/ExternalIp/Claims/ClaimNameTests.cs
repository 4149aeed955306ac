using System.Net;
using Interlook.Extensions.ExternalIp.Claims;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Claims;

public class ClaimNameTests
{
    [Theory]
    [InlineData("10.0.0.7", 24, "10-0-0-7-24")]
    [InlineData("2001:db8::7", 64, "2001-db8-0-0-0-0-0-7-64")]
    [InlineData("::1", 128, "0-0-0-0-0-0-0-1-128")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 128, "ffff-ffff-ffff-ffff-ffff-ffff-ffff-ffff-128")]
    public void A_claim_is_named_for_its_address(string address, int length, string expected)
    {
        var name = ClaimName.Of(IPAddress.Parse(address), length);

        Assert.Equal(expected, name);
        Assert.Matches("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", name);
    }

    [Fact]
    public void Two_addresses_never_share_a_name()
    {
        string[] addresses = ["1::2", "1:2::", "::1:2", "1:0:0:0:0:0:2:0", "12::"];

        Assert.Distinct(addresses.Select(address => ClaimName.Of(IPAddress.Parse(address), 64)));
    }

    [Fact]
    public void A_node_is_named_for_its_host_with_hyphens() => Assert.Equal("worker-1-example-org", ClaimName.OfNode("Worker-1.example.org"));
}
