using System.Net.Sockets;
using System.Text;
using Interlook.Extensions.TcpBalancer;
using Interlook.Fixtures;
using Interlook.Provisioners;
using Interlook.Services;
using Xunit;

namespace Interlook.Extensions.Tests.TcpBalancer;

/// <summary>Targets that fail, and what clients and operators notice.</summary>
public sealed class HealthTests
{
    private const string Address = "127.63.0.1";

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dead_target_costs_no_connection()
    {
        await using var alive = TestTarget.Named('a');
        await using var balancer = await RunningBalancer.StartAsync(options => options.Check = CheckKind.None);
        var dead = TestMachine.FreePort();
        await balancer.DeployAsync(RunningBalancer.Define(Address, alive.Target(), new Target("127.0.0.1", dead, 10)));

        var answers = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            using var client = await balancer.ConnectAsync(Address);
            answers.Add(await client.ReadAsync(1));
        }

        Assert.All(answers, answer => Assert.Equal("a", answer));
        var condition = balancer.Target(dead);
        Assert.Equal((TargetHealth.Unhealthy, 3L), (condition.Health, condition.Traffic.Failures)); // ejected after `fall` of them
        Assert.Contains("connection refused", condition.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_healthy_target_a_connection_is_closed_at_once_and_the_remark_says_so()
    {
        await using var balancer = await RunningBalancer.StartAsync();
        var dead = TestMachine.FreePort();
        await balancer.DeployAsync(RunningBalancer.Define(Address, new Target("127.0.0.1", dead)));
        await balancer.UntilAsync(dead, TargetHealth.Unhealthy);

        using var client = await balancer.ConnectAsync(Address);

        Assert.True(await client.IsClosedAsync());
        Assert.Contains("no healthy target", balancer.Find()!.Remark, StringComparison.Ordinal);
        Assert.Equal(0, balancer.Target(dead).Traffic.Open);
    }

    [Fact]
    public async Task A_service_without_targets_says_so()
    {
        await using var balancer = await RunningBalancer.StartAsync();
        await balancer.DeployAsync(RunningBalancer.Define(Address));

        using var client = await balancer.ConnectAsync(Address);

        Assert.True(await client.IsClosedAsync());
        Assert.StartsWith("no targets", balancer.Find()!.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_falls_and_rises()
    {
        await using var balancer = await RunningBalancer.StartAsync();
        var target = TestTarget.Echo();
        var port = target.Port;
        await balancer.DeployAsync(RunningBalancer.Define(Address, target.Target()));

        await balancer.UntilAsync(port, TargetHealth.Healthy);
        await target.DisposeAsync();
        await balancer.UntilAsync(port, TargetHealth.Unhealthy);
        var problem = balancer.Target(port).Problem;
        await using var again = TestTarget.Echo(port);
        await balancer.UntilAsync(port, TargetHealth.Healthy);

        Assert.Contains("connection refused", problem, StringComparison.Ordinal);
        Assert.Null(balancer.Find()!.Remark);
        Assert.Null(balancer.Target(port).Problem);
    }

    [Fact]
    public async Task Changes_of_health_are_told_as_they_come()
    {
        await using var balancer = await RunningBalancer.StartAsync();
        await using var target = TestTarget.Echo();
        await using var changes = balancer.Provisioner.WatchAsync(Stopping).GetAsyncEnumerator(Stopping);
        var dead = TestMachine.FreePort();
        await balancer.DeployAsync(RunningBalancer.Define(Address, target.Target(), new Target("127.0.0.1", dead)));

        while (balancer.Target(dead).Health != TargetHealth.Unhealthy || balancer.Target(target.Port).Health != TargetHealth.Healthy)
            Assert.True(await changes.MoveNextAsync());

        Assert.Equal(RunningBalancer.Key("shop"), changes.Current);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", null)]
    [InlineData("HTTP/1.0 302 Found\r\nLocation: /login\r\n\r\n", null)]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\n\r\n", "answered by 503")]
    [InlineData("SSH-2.0-OpenSSH\r\n", "not answered by HTTP")]
    [InlineData("", "not answered by HTTP")]
    public async Task An_HTTP_check_wants_a_good_status(string answer, string? problem)
    {
        var asked = new TaskCompletionSource<string>();
        await using var target = new TestTarget(async (socket, stopping) =>
        {
            var buffer = new byte[4096];
            asked.TrySetResult(Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, stopping)));
            await socket.SendAsync(Encoding.ASCII.GetBytes(answer), stopping);
            socket.Shutdown(SocketShutdown.Both);
        });
        await using var balancer = await RunningBalancer.StartAsync(options => (options.Check, options.CheckPath) = (CheckKind.Http, "/health?full"));
        await balancer.DeployAsync(RunningBalancer.Define(Address, target.Target()) with { DnsNames = ["*.example.org", "shop.example.org"] });

        await balancer.UntilAsync(target.Port, problem is null ? TargetHealth.Healthy : TargetHealth.Unhealthy);

        Assert.StartsWith("GET /health?full HTTP/1.1\r\nHost: shop.example.org\r\n", await asked.Task, StringComparison.Ordinal);
        Assert.Contains(problem ?? "", balancer.Target(target.Port).Problem ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_accepts_and_says_nothing_fails_an_HTTP_check()
    {
        await using var target = new TestTarget();
        await using var balancer = await RunningBalancer.StartAsync(
            options => (options.Check, options.ConnectTimeout) = (CheckKind.Http, TimeSpan.FromMilliseconds(200)));
        await balancer.DeployAsync(RunningBalancer.Define(Address, target.Target()));

        await balancer.UntilAsync(target.Port, TargetHealth.Unhealthy);

        Assert.Contains("no answer within 200ms", balancer.Target(target.Port).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_never_answers_a_connection_is_left_for_another_in_time()
    {
        await using var alive = TestTarget.Named('a');
        await using var deaf = new Deaf();
        await using var balancer = await RunningBalancer.StartAsync(options =>
            (options.Check, options.ConnectTimeout, options.LeastConnections) = (CheckKind.None, TimeSpan.FromMilliseconds(300), false));
        await balancer.DeployAsync(RunningBalancer.Define(Address, alive.Target(), new Target("127.0.0.1", deaf.Port, 10)));

        using var client = await balancer.ConnectAsync(Address);

        Assert.Equal("a", await client.ReadAsync(1));
        Assert.Equal(1, balancer.Target(deaf.Port).Traffic.Failures);
    }

    [Fact]
    public async Task A_host_name_is_resolved_and_one_that_is_not_known_is_told()
    {
        await using var target = TestTarget.Named('a');
        await using var balancer = await RunningBalancer.StartAsync();
        await balancer.DeployAsync(RunningBalancer.Define(Address, new Target("localhost", target.Port), new Target("nowhere.invalid", 80)));

        await Eventually.TrueAsync("the name is resolved", () => balancer.Target(target.Port).Health == TargetHealth.Healthy);
        await balancer.UntilAsync(80, TargetHealth.Unhealthy);
        using var client = await balancer.ConnectAsync(Address);

        Assert.Equal("a", await client.ReadAsync(1));
        Assert.Contains("nowhere.invalid", balancer.Target(80).Problem, StringComparison.Ordinal);
    }

    /// <summary>A listener whose queue is full: further connections get no answer at all.</summary>
    [Fact]
    public async Task A_check_that_fails_on_this_side_is_made_again_and_says_nothing_of_the_target()
    {
        await using var target = TestTarget.Named('a');
        var patience = TimeSpan.FromSeconds(3.5);
        await using var balancer = await RunningBalancer.StartAsync(options => options.ConnectTimeout = patience, new Faltering(patience));

        await balancer.DeployAsync(RunningBalancer.Define("127.64.2.9", target.Target()));

        await balancer.UntilAsync(target.Target().Port, TargetHealth.Healthy);
    }

    /// <summary>Fails the first time it is asked for a timer of a certain length, as a system without descriptors fails to give a socket.</summary>
    private sealed class Faltering(TimeSpan length) : TimeProvider
    {
        private int faults;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            dueTime == length && Interlocked.Increment(ref faults) == 1 ? throw new IOException("none left") : base.CreateTimer(callback, state, dueTime, period);
    }

    private sealed class Deaf : IAsyncDisposable
    {
        private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> waiting = [];

        public Deaf()
        {
            listener.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
            listener.Listen(0);
            for (var i = 0; i < 4; i++)
            {
                var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                try
                {
                    client.Connect(listener.LocalEndPoint!);
                }
                catch (SocketException)
                {
                    // It is under way.
                }
                waiting.Add(client);
            }
        }

        public int Port => ((System.Net.IPEndPoint)listener.LocalEndPoint!).Port;

        public ValueTask DisposeAsync()
        {
            waiting.ForEach(client => client.Dispose());
            listener.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
