using System.Net;
using System.Net.Sockets;
using Interlook.Extensions.TcpBalancer;
using Interlook.Extensions.TcpBalancer.Loop;
using Interlook.Fixtures;
using Interlook.Provisioners;
using Interlook.Services;
using Xunit;

namespace Interlook.Extensions.Tests.TcpBalancer;

/// <summary>Listeners that cannot be opened, and limits of those that are.</summary>
public sealed class ListenTests
{
    private const string Address = "127.64.0.1";

    [Fact]
    public async Task A_port_that_another_program_has_is_a_conflict_and_says_what_to_do()
    {
        await using var balancer = await RunningBalancer.StartAsync();
        using var other = new TcpListener(IPAddress.Parse(Address), balancer.Options.HttpPort);
        other.Start();

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => balancer.DeployAsync(RunningBalancer.Define(Address)));

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains($"{Address}:{balancer.Options.HttpPort} for service shop: address already in use", failure.Message, StringComparison.Ordinal);
        Assert.Null(balancer.Find());
    }

    [Fact]
    public async Task An_address_that_no_interface_has_says_so()
    {
        await using var balancer = await RunningBalancer.StartAsync();

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => balancer.DeployAsync(RunningBalancer.Define("192.0.2.1")));

        Assert.Equal(Reason.Unavailable, failure.Reason);
        Assert.Contains("no interface of this machine has 192.0.2.1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_low_port_without_the_right_says_which_right()
    {
        var failure = BindFailure.Of(RunningBalancer.Key("shop"), new IPEndPoint(IPAddress.Loopback, 80), Libc.Error.AccessDenied);

        Assert.Equal(Reason.Unauthorized, failure.Reason);
        Assert.Contains("CAP_NET_BIND_SERVICE", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_services_on_one_address_and_port_are_a_conflict_and_the_first_goes_on()
    {
        await using var target = TestTarget.Named('a');
        await using var balancer = await RunningBalancer.StartAsync();
        await balancer.DeployAsync(RunningBalancer.Define(Address, target.Target()));

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => balancer.DeployAsync(RunningBalancer.Define("blog", Address, [])));
        using var client = await balancer.ConnectAsync(Address);
        var answer = await client.ReadAsync(1);
        await balancer.UndeployAsync("shop");
        await balancer.DeployAsync(RunningBalancer.Define("blog", Address, []));

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains("service shop listens there", failure.Message, StringComparison.Ordinal);
        Assert.Equal("a", answer);
    }

    [Fact]
    public async Task A_service_without_an_address_says_what_is_missing()
    {
        await using var balancer = await RunningBalancer.StartAsync();

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => balancer.DeployAsync(RunningBalancer.Define(Address) with { PublicIp = null }));

        Assert.Equal(Reason.Invalid, failure.Reason);
    }

    [Fact]
    public async Task A_move_that_fails_leaves_the_service_where_it_is()
    {
        await using var target = TestTarget.Named('a');
        await using var balancer = await RunningBalancer.StartAsync();
        var definition = await balancer.DeployAsync(RunningBalancer.Define(Address, target.Target()));

        await Assert.ThrowsAsync<ExtensionException>(() => balancer.DeployAsync(definition with { PublicIp = IPAddress.Parse("192.0.2.1") }));
        using var client = await balancer.ConnectAsync(Address);

        Assert.Equal("a", await client.ReadAsync(1));
    }

    [Fact]
    public async Task Beyond_maxConnections_clients_wait_until_another_leaves()
    {
        await using var target = TestTarget.Named('a');
        await using var balancer = await RunningBalancer.StartAsync(options => options.MaxConnections = 2);
        await balancer.DeployAsync(RunningBalancer.Define(Address, target.Target()));
        using var first = await balancer.ConnectAsync(Address);
        using var second = await balancer.ConnectAsync(Address);
        await first.ReadAsync(1);
        await second.ReadAsync(1);

        using var third = await balancer.ConnectAsync(Address);
        var answer = third.ReadAsync(1);
        await Eventually.TrueAsync("the remark says so", () => balancer.Find()!.Remark?.Contains("maxConnections (2)", StringComparison.Ordinal) == true);
        var waits = !answer.IsCompleted;
        first.Dispose();

        Assert.True(waits);
        Assert.Equal("a", await answer);
        Assert.Equal(2, balancer.Target(target.Port).Traffic.Open);
        second.Dispose();
        third.Dispose();
        await Eventually.TrueAsync("the remark is gone", () => balancer.Find()!.Remark is null);
    }

    [Fact]
    public async Task What_is_compared_is_listener_and_targets()
    {
        await using var balancer = await RunningBalancer.StartAsync();
        var definition = await balancer.DeployAsync(RunningBalancer.Define(Address, new Target("127.0.0.1", 9)));
        var moved = definition with { PublicIp = IPAddress.Parse("127.64.0.2") };
        var other = definition with { Targets = [new Target("127.0.0.1", 10)] };

        Assert.Empty((await ObserveAsync(balancer, definition)).Drifts);
        Assert.Contains("listens on", Assert.Single((await ObserveAsync(balancer, moved)).Drifts).Difference, StringComparison.Ordinal);
        Assert.Contains("targets", Assert.Single((await ObserveAsync(balancer, other)).Drifts).Difference, StringComparison.Ordinal);
        Assert.Equal("it has no listener", Assert.Single((await ObserveAsync(balancer, definition with { Name = "blog" })).Drifts).Difference);
    }

    private static Task<Observation> ObserveAsync(RunningBalancer balancer, ServiceDefinition definition) => balancer.Provisioner.ObserveAsync(
        new Dictionary<ServiceKey, ServiceDefinition> { [RunningBalancer.Key(definition.Name)] = definition }, TestContext.Current.CancellationToken);
}
