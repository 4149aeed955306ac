using System.Collections.Immutable;
using System.Net;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Scheduling;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Scheduling;

public class ClaimPoolAddressesTests
{
    [Fact]
    public void The_first_free_address_skips_the_network_address()
    {
        var pool = Pool("192.168.16.248/29");

        Assert.Equal("192.168.16.249", Free(pool));
    }

    [Fact]
    public void Host_bits_of_the_network_are_masked()
    {
        var pool = Pool("192.168.16.251/29");

        Assert.Equal("192.168.16.249", Free(pool));
    }

    [Theory]
    [InlineData("10.0.0.0/30", "10.0.0.1 10.0.0.2")]
    [InlineData("10.0.0.4/31", "10.0.0.4 10.0.0.5")]
    [InlineData("10.0.0.7/32", "10.0.0.7")]
    [InlineData("255.255.255.254/31", "255.255.255.254 255.255.255.255")]
    [InlineData("2001:db8::/126", "2001:db8::1 2001:db8::2 2001:db8::3")]
    [InlineData("2001:db8::8/127", "2001:db8::8 2001:db8::9")]
    [InlineData("2001:db8::7/128", "2001:db8::7")]
    public void A_whole_network_gives_every_address_that_a_host_may_have(string cidr, string expected) => Assert.Equal(expected, All(Pool(cidr)));

    [Fact]
    public void Ranges_are_used_to_their_last_address()
    {
        var pool = Pool("192.168.0.248/29", ["192.168.0.249", "192.168.0.250"], ["192.168.0.252", "192.168.0.253"]);

        Assert.Equal("192.168.0.249 192.168.0.250 192.168.0.252 192.168.0.253", All(pool));
    }

    [Fact]
    public void Ranges_may_carry_a_prefix_length_stand_in_any_order_and_overlap()
    {
        var pool = Pool("10.0.0.0/24", ["10.0.0.9/24", "10.0.0.10/24"], ["10.0.0.7"], ["10.0.0.10", "10.0.0.11"]);

        Assert.Equal("10.0.0.7 10.0.0.9 10.0.0.10 10.0.0.11", All(pool));
    }

    [Fact]
    public void A_taken_address_is_passed_over()
    {
        var taken = new HashSet<IPAddress> { IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2") };

        Assert.Equal("10.0.0.3", Pool("10.0.0.0/24").TakeFree(taken)?.ToString());
    }

    [Fact]
    public void Nothing_is_free_in_a_pool_whose_addresses_are_all_taken()
    {
        var pool = Pool("10.0.0.4/31");
        var taken = new HashSet<IPAddress>();

        pool.TakeFree(taken);
        pool.TakeFree(taken);

        Assert.Null(pool.TakeFree(taken));
    }

    [Fact]
    public void A_whole_IPv6_network_costs_no_more_than_what_is_taken_of_it()
    {
        var pool = Pool("2001:db8::/32");
        var taken = new HashSet<IPAddress>();

        for (var i = 0; i < 20_000; i++)
            pool.TakeFree(taken);

        Assert.Equal("2001:db8::4e21", Free(pool, taken));
    }

    [Theory]
    [InlineData("nonsense", "spec.cidr of address pool pool is not a network such as 192.168.0.0/24: 'nonsense'")]
    [InlineData("10.0.0.0/33", "spec.cidr of address pool pool is not a network such as 192.168.0.0/24: '10.0.0.0/33'")]
    public void A_network_that_cannot_be_read_is_a_problem_and_gives_nothing(string cidr, string expected)
    {
        var pool = Pool(cidr);

        Assert.Equal([expected], pool.Problems);
        Assert.Null(pool.TakeFree([]));
    }

    [Theory]
    [InlineData("10.0.0.x,10.0.0.9", "range [10.0.0.x, 10.0.0.9] of address pool pool holds '10.0.0.x', which is not an IP address")]
    [InlineData("10.0.0.9,10.0.0.8", "range [10.0.0.9, 10.0.0.8] of address pool pool ends before it begins")]
    [InlineData("10.0.1.1,10.0.1.2", "range [10.0.1.1, 10.0.1.2] of address pool pool does not lie in its network")]
    [InlineData("2001:db8::1,2001:db8::2", "range [2001:db8::1, 2001:db8::2] of address pool pool does not lie in its network")]
    [InlineData("10.0.0.1,10.0.0.2,10.0.0.3", "range [10.0.0.1, 10.0.0.2, 10.0.0.3] of address pool pool is not a pair of first and last address")]
    public void A_range_that_cannot_be_used_is_a_problem_with_its_text_and_the_others_are_used(string range, string expected)
    {
        var pool = Pool("10.0.0.0/24", [.. range.Split(',')], ["10.0.0.20", "10.0.0.20"]);

        Assert.Equal([expected], pool.Problems);
        Assert.Equal("10.0.0.20", All(pool));
    }

    [Fact]
    public void An_empty_range_is_a_problem_and_not_the_whole_network()
    {
        var pool = Pool("10.0.0.0/24", new ImmutableArray<string>[] { [] });

        Assert.Equal(["range [] of address pool pool is not a pair of first and last address"], pool.Problems);
        Assert.Null(pool.TakeFree([]));
    }

    private static ClaimPoolAddresses Pool(string cidr, params ImmutableArray<string>[] ranges) =>
        new(new ClaimPool { Metadata = ClaimMeta.Named("pool"), Spec = new() { Cidr = cidr, Ranges = [.. ranges] } });

    private static string? Free(ClaimPoolAddresses pool, HashSet<IPAddress>? taken = null) => pool.TakeFree(taken ?? [])?.ToString();

    private static string All(ClaimPoolAddresses pool)
    {
        var taken = new HashSet<IPAddress>();
        var all = new List<IPAddress>();
        while (pool.TakeFree(taken) is { } address)
            all.Add(address);
        return string.Join(' ', all);
    }
}
