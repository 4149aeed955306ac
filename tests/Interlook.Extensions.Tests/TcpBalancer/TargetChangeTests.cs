using System.Net.Sockets;
using Interlook.Fixtures;
using Interlook.Provisioners;
using Interlook.Services;
using Xunit;

namespace Interlook.Extensions.Tests.TcpBalancer;

/// <summary>Who gets the next connection, and what happens to those that are open, while definitions change.</summary>
public sealed class TargetChangeTests : IAsyncLifetime
{
    private const string Address = "127.62.0.1";

    private readonly TestTarget a = TestTarget.Named('a');
    private readonly TestTarget b = TestTarget.Named('b');

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await a.DisposeAsync();
        await b.DisposeAsync();
    }

    [Fact]
    public async Task Connections_are_shared_out_by_weight()
    {
        await using var balancer = await RunningBalancer.StartAsync();
        await balancer.DeployAsync(RunningBalancer.Define(Address, a.Target(1), b.Target(3)));

        var (answers, sockets) = await CallAsync(balancer, 40);

        Assert.Equal(10, answers.Count(answer => answer == "a"));
        Assert.Equal(30, answers.Count(answer => answer == "b"));
        sockets.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Round_robin_takes_turns_whatever_is_open()
    {
        await using var balancer = await RunningBalancer.StartAsync(options => options.LeastConnections = false);
        await balancer.DeployAsync(RunningBalancer.Define(Address, a.Target(), b.Target()));

        var answers = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            using var client = await balancer.ConnectAsync(Address);
            answers.Add(await client.ReadAsync(1));
        }

        Assert.Equal(10, answers.Count(answer => answer == "a"));
    }

    [Fact]
    public async Task A_target_that_goes_keeps_its_connections_and_gets_no_more()
    {
        await using var balancer = await RunningBalancer.StartAsync();
        await balancer.DeployAsync(RunningBalancer.Define(Address, a.Target()));
        using var old = await balancer.ConnectAsync(Address);
        Assert.Equal("a", await old.ReadAsync(1));

        await balancer.DeployAsync(RunningBalancer.Define(Address, b.Target()));
        var (answers, sockets) = await CallAsync(balancer, 10);
        var during = balancer.Target(a.Port);
        var goesOn = await old.EchoesAsync("still here");
        old.Shutdown(SocketShutdown.Send);
        await old.ReadToEndAsync();

        Assert.DoesNotContain("a", answers);
        Assert.Equal((TargetHealth.Draining, 1), (during.Health, during.Traffic.Open));
        Assert.True(goesOn);
        await Eventually.TrueAsync("the drained target is gone", () => balancer.Find()!.Targets.Count == 1);
        sockets.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task After_the_drain_timeout_the_connections_of_a_target_that_went_are_closed()
    {
        await using var balancer = await RunningBalancer.StartAsync(options => options.DrainTimeout = TimeSpan.FromMilliseconds(200));
        await balancer.DeployAsync(RunningBalancer.Define(Address, a.Target()));
        using var old = await balancer.ConnectAsync(Address);
        await old.ReadAsync(1);

        await balancer.DeployAsync(RunningBalancer.Define(Address, b.Target()));

        Assert.Equal("", await old.ReadAsync(1));
    }

    [Fact]
    public async Task A_target_that_comes_back_while_it_drains_keeps_everything()
    {
        await using var balancer = await RunningBalancer.StartAsync(options => options.DrainTimeout = TimeSpan.FromMilliseconds(300));
        await balancer.DeployAsync(RunningBalancer.Define(Address, a.Target()));
        using var old = await balancer.ConnectAsync(Address);
        await old.ReadAsync(1);

        await balancer.DeployAsync(RunningBalancer.Define(Address, b.Target()));
        await balancer.DeployAsync(RunningBalancer.Define(Address, a.Target()));
        using var other = await balancer.ConnectAsync(Address);
        await using var _ = await PassAsync(balancer);

        Assert.Equal("a", await other.ReadAsync(1));
        Assert.True(await old.EchoesAsync("still here"));
        Assert.Equal(2, balancer.Target(a.Port).Traffic.Connections);
    }

    [Fact]
    public async Task Weight_zero_takes_nothing_new_and_keeps_what_it_has()
    {
        await using var balancer = await RunningBalancer.StartAsync();
        await balancer.DeployAsync(RunningBalancer.Define(Address, a.Target()));
        using var old = await balancer.ConnectAsync(Address);
        await old.ReadAsync(1);

        await balancer.DeployAsync(RunningBalancer.Define(Address, a.Target(0), b.Target()));
        var (answers, sockets) = await CallAsync(balancer, 10);
        await balancer.DeployAsync(RunningBalancer.Define(Address, a.Target(0)));
        using var refused = await balancer.ConnectAsync(Address);

        Assert.DoesNotContain("a", answers);
        Assert.True(await old.EchoesAsync("still here"));
        Assert.True(await refused.IsClosedAsync());
        Assert.Contains("weight 0", balancer.Find()!.Remark, StringComparison.Ordinal);
        sockets.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task A_service_that_turns_to_TLS_moves_to_the_other_port_and_drops_nobody()
    {
        await using var balancer = await RunningBalancer.StartAsync();
        var definition = await balancer.DeployAsync(RunningBalancer.Define(Address, a.Target()));
        using var old = await balancer.ConnectAsync(Address);
        await old.ReadAsync(1);

        await balancer.DeployAsync(definition with { Tls = true });
        using var secure = await balancer.ConnectAsync(Address, balancer.Options.HttpsPort);

        Assert.Equal("a", await secure.ReadAsync(1));
        Assert.True(await old.EchoesAsync("still here"));
        await Assert.ThrowsAsync<SocketException>(() => balancer.ConnectAsync(Address));
    }

    [Fact]
    public async Task A_service_whose_address_changes_moves_and_drops_nobody()
    {
        await using var balancer = await RunningBalancer.StartAsync(options => options.DrainTimeout = TimeSpan.FromSeconds(1));
        await balancer.DeployAsync(RunningBalancer.Define(Address, a.Target()));
        using var old = await balancer.ConnectAsync(Address);
        await old.ReadAsync(1);

        await balancer.DeployAsync(RunningBalancer.Define("127.62.0.2", a.Target()));
        using var moved = await balancer.ConnectAsync("127.62.0.2");
        var goesOn = await old.EchoesAsync("still here");

        Assert.Equal("a", await moved.ReadAsync(1));
        Assert.True(goesOn);
        await Assert.ThrowsAsync<SocketException>(() => balancer.ConnectAsync(Address));
        Assert.Equal("", await old.ReadAsync(1)); // the old listener's connections are drained, the target's are not
        Assert.True(await moved.EchoesAsync("still here"));
    }

    [Fact]
    public async Task An_undeployed_service_takes_nobody_and_its_connections_end_in_time()
    {
        await using var balancer = await RunningBalancer.StartAsync(options => options.DrainTimeout = TimeSpan.FromSeconds(1));
        await balancer.DeployAsync(RunningBalancer.Define(Address, a.Target()));
        using var old = await balancer.ConnectAsync(Address);
        await old.ReadAsync(1);

        await balancer.UndeployAsync("shop");
        var goesOn = await old.EchoesAsync("still here");

        Assert.True(goesOn);
        await Assert.ThrowsAsync<SocketException>(() => balancer.ConnectAsync(Address));
        Assert.Equal("", await old.ReadAsync(1));
        Assert.Null(balancer.Find());
    }

    [Fact]
    public async Task Connections_end_shortly_after_Interlook_stops()
    {
        var balancer = await RunningBalancer.StartAsync();
        await balancer.DeployAsync(RunningBalancer.Define(Address, a.Target()));
        using var old = await balancer.ConnectAsync(Address);
        await old.ReadAsync(1);

        await balancer.DisposeAsync();

        Assert.Equal("", await old.ReadAsync(1));
    }

    [Fact]
    public async Task A_restarted_balancer_opens_its_listeners_before_anything_else()
    {
        await using var balancer = await RunningBalancer.StartAsync();
        var definition = RunningBalancer.Define(Address, a.Target());

        await balancer.Provisioner.ResumeAsync(
            new Dictionary<ServiceKey, ServiceDefinition>
            {
                [RunningBalancer.Key("shop")] = definition,
                [RunningBalancer.Key("elsewhere")] = RunningBalancer.Define("elsewhere", "192.0.2.1", []),
            },
            TestContext.Current.CancellationToken);

        using var client = await balancer.ConnectAsync(Address);
        Assert.Equal("a", await client.ReadAsync(1));
        Assert.Null(balancer.Find("elsewhere"));
    }

    /// <summary>Opens connections one by one and keeps them.</summary>
    private static async Task<(List<string> Answers, List<Socket> Sockets)> CallAsync(RunningBalancer balancer, int count)
    {
        var (answers, sockets) = (new List<string>(), new List<Socket>());
        for (var i = 0; i < count; i++)
        {
            var socket = await balancer.ConnectAsync(Address);
            answers.Add(await socket.ReadAsync(1));
            sockets.Add(socket);
        }
        return (answers, sockets);
    }

    /// <summary>Lets the drain timeout pass: another service's connection is drained for as long, and was begun later.</summary>
    private static async Task<TestTarget> PassAsync(RunningBalancer balancer)
    {
        var clock = TestTarget.Named('c');
        await balancer.DeployAsync(RunningBalancer.Define("clock", "127.62.0.9", [clock.Target()]));
        using var hand = await balancer.ConnectAsync("127.62.0.9");
        await hand.ReadAsync(1);
        await balancer.UndeployAsync("clock");
        await hand.ReadAsync(1);
        return clock;
    }
}
