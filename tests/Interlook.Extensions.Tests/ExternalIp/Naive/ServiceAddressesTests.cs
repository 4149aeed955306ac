using Interlook.Extensions.ExternalIp.Naive;
using Interlook.Extensions.Kubernetes.Objects;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Naive;

/// <summary>What Services ask for.</summary>
public sealed class ServiceAddressesTests
{
    [Fact]
    public void An_address_that_several_services_ask_for_is_one()
    {
        var asked = ServiceAddresses.Of([Service("a", "10.0.0.7", "10.0.0.8"), Service("b", "10.0.0.8", "10.0.0.9"), Service("c", "10.0.0.7")], 32, withLoadBalancers: false);

        Assert.Equal(["10.0.0.7/32", "10.0.0.8/32", "10.0.0.9/32"], Texts(asked));
    }

    [Theory]
    [InlineData(32, "10.0.0.7/32", "fd00::7/128")]
    [InlineData(24, "10.0.0.7/24", "fd00::7/128")]
    [InlineData(64, "10.0.0.7/32", "fd00::7/64")]
    public void A_mask_is_of_the_family_that_can_have_it(int mask, string first, string second)
    {
        var asked = ServiceAddresses.Of([Service("a", "10.0.0.7", "fd00::7")], mask, withLoadBalancers: false);

        Assert.Equal([first, second], Texts(asked));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("10.1")]
    [InlineData("10.0.0.07")]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("fe80::1%eth0")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:10.0.0.7")]
    public void What_no_interface_can_have_is_reported_and_hinders_no_other(string text)
    {
        var asked = ServiceAddresses.Of([Service("a", text, "10.0.0.7")], 32, withLoadBalancers: false);

        Assert.Equal(["10.0.0.7/32"], Texts(asked));
        Assert.Equal((new ObjectName("default", "a"), text), Assert.Single(asked.Problems));
    }

    [Fact]
    public void Addresses_of_load_balancers_count_when_that_is_asked_for()
    {
        var service = Service("a", "10.0.0.7") with
        {
            Status = new() { LoadBalancer = new() { Ingress = [new() { Ip = "10.0.0.8" }, new() { Hostname = "example.org" }] } },
        };

        Assert.Equal(["10.0.0.7/32"], Texts(ServiceAddresses.Of([service], 32, withLoadBalancers: false)));
        Assert.Equal(["10.0.0.7/32", "10.0.0.8/32"], Texts(ServiceAddresses.Of([service], 32, withLoadBalancers: true)));
    }

    private static Service Service(string name, params string[] addresses) =>
        new() { Metadata = new() { Namespace = "default", Name = name }, Spec = new() { ExternalIPs = [.. addresses] } };

    private static IEnumerable<string> Texts(ServiceAddresses asked) => asked.Addresses.Select(address => address.ToString()).Order(StringComparer.Ordinal);
}
