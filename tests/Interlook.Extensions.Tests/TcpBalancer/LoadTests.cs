using System.Net;
using System.Net.Sockets;
using Interlook.Collections;
using Interlook.Extensions.TcpBalancer.Loop;
using Interlook.Fixtures;
using Interlook.Provisioners;
using Interlook.Services;
using Xunit;

namespace Interlook.Extensions.Tests.TcpBalancer;

/// <summary>Many connections, bounded in number and time. Alone: one of them measures the memory of the process.</summary>
[Collection(Alone)]
[CollectionDefinition(Alone, DisableParallelization = true)]
public sealed class LoadTests
{
    private const string Alone = "load of lb.embedded";
    private const string Address = "127.65.0.1";
    private const string Request = "GET / HTTP/1.1\r\nHost: shop\r\n\r\n";

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_connections_across_changes_of_targets_and_none_is_reset()
    {
        const int lasting = 500;
        const int brief = 9_500;
        await using var stays = TestTarget.Echo();
        await using var staysToo = TestTarget.Echo();
        await using var comes = TestTarget.Echo();
        await using var balancer = await RunningBalancer.StartAsync();
        EquatableArray<Target>[] mixes =
        [
            [stays.Target(), staysToo.Target()],
            [stays.Target(), staysToo.Target(), comes.Target()],
            [stays.Target(7), staysToo.Target(2), comes.Target(0)],
            [stays.Target(1), staysToo.Target(256)],
        ];
        await balancer.DeployAsync(RunningBalancer.Define(Address, mixes[0]));
        var held = await Task.WhenAll(Enumerable.Range(0, lasting).Select(_ => balancer.ConnectAsync(Address)));

        var (left, lost, changes, isOver) = (brief, 0, 0, false);
        var callers = Enumerable.Range(0, 32).Select(_ => Task.Run(CallAsync, Stopping)).ToArray();
        var holder = Task.Run(HoldAsync, Stopping);
        var changer = Task.Run(ChangeAsync, Stopping);
        await Task.WhenAll(callers);
        Volatile.Write(ref isOver, true);
        await holder;
        await changer;

        Assert.Equal(0, lost);
        Assert.InRange(changes, 10, int.MaxValue);
        Assert.Equal(lasting, balancer.Find()!.Targets.Sum(target => target.Traffic.Open));
        foreach (var socket in held)
            socket.Dispose();
        await Eventually.TrueAsync("nothing is open", () => balancer.Find()!.Targets.All(target => target.Traffic.Open == 0));

        async Task CallAsync()
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using var socket = await balancer.ConnectAsync(Address);
                await EchoAsync(socket, "a short call");
                socket.Shutdown(SocketShutdown.Send);
                if (await socket.ReadAsync(1) != "")
                    Interlocked.Increment(ref lost);
            }
        }

        async Task HoldAsync()
        {
            do
            {
                foreach (var socket in held)
                    await EchoAsync(socket, "a long one");
            }
            while (!Volatile.Read(ref isOver));
        }

        async Task ChangeAsync()
        {
            while (!Volatile.Read(ref isOver))
            {
                await balancer.DeployAsync(RunningBalancer.Define(Address, mixes[++changes % mixes.Length]));
                await Task.Yield();
            }
            await balancer.DeployAsync(RunningBalancer.Define(Address, mixes[1]));
        }

        async Task EchoAsync(Socket socket, string text)
        {
            try
            {
                if (!await socket.EchoesAsync(text))
                    Interlocked.Increment(ref lost);
            }
            catch (SocketException)
            {
                Interlocked.Increment(ref lost);
            }
        }
    }

    [Fact]
    public async Task A_target_killed_under_load_loses_its_own_connections_only()
    {
        const int count = 300;
        await using var killed = await TargetProcess.StartAsync('k');
        await using var survivor = await TargetProcess.StartAsync('s');
        await using var balancer = await RunningBalancer.StartAsync();
        await balancer.DeployAsync(RunningBalancer.Define(Address, killed.Target, survivor.Target));
        var clients = await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            var socket = await balancer.ConnectAsync(Address);
            return (Socket: socket, Letter: await AskAsync(socket));
        }));

        var requests = 0;
        var running = clients.Select(client => Task.Run(() => KeepAskingAsync(client.Socket, client.Letter), Stopping)).ToArray();
        await Eventually.TrueAsync("load is on", () => Volatile.Read(ref requests) > 5 * count);
        await killed.KillAsync(Stopping);
        var late = new List<char>();
        for (var i = 0; i < 100; i++)
        {
            using var socket = await balancer.ConnectAsync(Address);
            late.Add(await AskAsync(socket));
        }
        await balancer.UntilAsync(killed.Port, TargetHealth.Unhealthy);
        Volatile.Write(ref requests, -1_000_000);
        var failed = await Task.WhenAll(running);

        Assert.Equal(count / 2, clients.Count(client => client.Letter == 'k'));
        Assert.Equal(clients.Select(client => client.Letter == 'k'), failed);
        Assert.All(late, letter => Assert.Equal('s', letter));

        async Task<bool> KeepAskingAsync(Socket socket, char letter)
        {
            using (socket)
            {
                do
                {
                    try
                    {
                        if (await AskAsync(socket) != letter)
                            return true;
                    }
                    catch (SocketException)
                    {
                        return true;
                    }
                }
                while (Interlocked.Increment(ref requests) > 0);
                return false;
            }
        }
    }

    [Fact]
    public async Task Five_thousand_idle_connections_hold_little_memory_and_still_work()
    {
        const int count = 5_000;
        const int most = 2048; // bytes of managed memory for each: about 170, and what earlier tests still let go of; a buffer would show
        await using var target = await TargetProcess.StartAsync('t');
        await using var balancer = await RunningBalancer.StartAsync();
        await balancer.DeployAsync(RunningBalancer.Define(Address, target.Target));
        var address = Libc.SocketAddressOf(new IPEndPoint(IPAddress.Parse(Address), balancer.Options.HttpPort));
        var clients = new int[count]; // bare descriptors: what grows is the balancer's
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < count; i++)
        {
            clients[i] = Libc.OpenSocket(AddressFamily.InterNetwork);
            _ = Libc.Connect(clients[i], address);
            if (i % 500 == 499)
                await Eventually.TrueAsync("they are connected", () => balancer.Target(target.Port).Traffic.Connections == i + 1);
        }
        var after = GC.GetTotalMemory(forceFullCollection: true);
        var (sent, received) = (Libc.Send(clients[count / 2], "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8), new byte[200]);
        await Eventually.TrueAsync("one of them answers", () => Libc.Receive(clients[count / 2], received) == TargetProcess.AnswerLength);
        foreach (var client in clients)
            _ = Libc.Close(client);

        TestContext.Current.TestOutputHelper!.WriteLine($"{(after - before) / (double)count:0} bytes of managed memory for an idle connection");
        Assert.InRange((after - before) / count, 0, most);
        Assert.Equal(27, sent);
        await Eventually.TrueAsync("nothing is open", () => balancer.Target(target.Port).Traffic.Open == 0);
    }

    [Fact]
    public async Task Clients_that_vanish_by_the_thousand_leave_nothing_behind()
    {
        const int count = 3_000;
        await using var target = TestTarget.Echo();
        await using var balancer = await RunningBalancer.StartAsync();
        await balancer.DeployAsync(RunningBalancer.Define(Address, target.Target()));

        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = Stopping }, async (i, _) =>
        {
            var socket = await balancer.ConnectAsync(Address);
            if (i % 3 == 0)
                await socket.SendAsync("some bytes and away");
            if (i % 2 == 0)
                socket.Reset();
            else
                socket.Dispose();
        });

        await Eventually.TrueAsync("nothing is open", () => balancer.Target(target.Port).Traffic.Open == 0);
        using var client = await balancer.ConnectAsync(Address);
        Assert.True(await client.EchoesAsync("well"));
    }

    private static async Task<char> AskAsync(Socket socket)
    {
        await socket.SendAsync(Request);
        var answer = await socket.ReadAsync(TargetProcess.AnswerLength);
        return answer.Length == TargetProcess.AnswerLength ? answer[^1] : throw new SocketException((int)SocketError.ConnectionReset);
    }
}
