using System.Net;
using Interlook.Services;
using Xunit;

namespace Interlook.Abstractions.Tests.Services;

public class ServiceDefinitionTests
{
    [Fact]
    public void Two_definitions_that_mean_the_same_are_equal_whatever_their_order()
    {
        var one = Define([new("10.0.0.2", 80), new("10.0.0.1", 80)], ["b.example.org", "a.example.org"]);
        var other = Define([new("10.0.0.1", 80), new("10.0.0.2", 80)], ["a.example.org", "b.example.org", "a.example.org"]);

        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
    }

    [Fact]
    public void Targets_with_one_address_are_one_with_the_sum_of_their_weights()
    {
        var definition = Define([new("10.0.0.1", 80, 2), new("10.0.0.1", 80, 3), new("10.0.0.1", 81)], []);

        Assert.Equal([new Target("10.0.0.1", 80, 5), new Target("10.0.0.1", 81)], definition.Targets);
    }

    [Fact]
    public void A_sum_of_weights_stays_within_what_a_load_balancer_takes()
    {
        var definition = Define([new("10.0.0.1", 80, 200), new("10.0.0.1", 80, 200)], []);

        Assert.Equal(Target.MaxWeight, definition.Targets[0].Weight);
    }

    [Fact]
    public void Every_part_that_matters_makes_a_difference()
    {
        var definition = Define([new("10.0.0.1", 80)], ["a.example.org"]);

        Assert.NotEqual(definition, definition with { Tls = true });
        Assert.NotEqual(definition, definition with { PublicIp = IPAddress.Loopback });
        Assert.NotEqual(definition, definition with { Targets = [new("10.0.0.1", 80, 2)] });
        Assert.NotEqual(definition, definition with { DnsNames = [] });
        Assert.Equal(definition with { PublicIp = IPAddress.Parse("10.0.0.9") }, definition with { PublicIp = IPAddress.Parse("10.0.0.9") });
    }

    [Theory]
    [InlineData("10.0.0.1", 80, "10.0.0.1:80")]
    [InlineData("fd00::1", 443, "[fd00::1]:443")]
    public void A_target_is_written_as_an_endpoint(string host, int port, string expected)
    {
        Assert.Equal(expected, new Target(host, port).Endpoint);
    }

    [Fact]
    public void A_key_shows_the_service_alone_in_the_default_workflow_and_its_path_is_never_ambiguous()
    {
        var one = new ServiceKey(ServiceKey.DefaultWorkflow, "team/shop");
        var other = new ServiceKey("team", "shop");

        Assert.Equal("team/shop", one.ToString());
        Assert.Equal("team/shop", other.ToString());
        Assert.NotEqual(one.Path, other.Path);
        Assert.True(ServiceKey.TryParsePath(one.Path, out var read));
        Assert.Equal(one, read);
    }

    private static ServiceDefinition Define(Target[] targets, string[] names) =>
        new() { Name = "shop", Provider = "provider.test", Targets = [.. targets], DnsNames = [.. names] };
}
