using System.Net;
using System.Net.Sockets;
using System.Text;
using Interlook.Fixtures;
using Interlook.Provisioners;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.TcpBalancer;

/// <summary>What a client and a target see of each other.</summary>
public sealed class TrafficTests
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.61.0.1", "127.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData("127.61.0.1", "::1")]
    [InlineData("::1", "127.0.0.1")]
    public async Task Bytes_go_both_ways(string address, string targetAddress)
    {
        await using var target = new TestTarget(address: targetAddress);
        await using var balancer = await RunningBalancer.StartAsync();
        await balancer.DeployAsync(RunningBalancer.Define(address, target.Target()));

        using var client = await balancer.ConnectAsync(address);
        await client.SendAsync("question");
        using var server = await target.AcceptAsync(Stopping);
        var heard = await server.ReadAsync(8);
        await server.SendAsync("answer");

        Assert.Equal("question", heard);
        Assert.Equal("answer", await client.ReadAsync(6));
        // The last bytes are counted once they are sent, and the client may have them before.
        await Eventually.TrueAsync("all is counted", () => balancer.Target(target.Port).Traffic == new Traffic(1, 1, 0, 8, 6));
    }

    [Fact]
    public async Task A_target_may_speak_first()
    {
        await using var target = TestTarget.Named('a');
        await using var balancer = await RunningBalancer.StartAsync();
        await balancer.DeployAsync(RunningBalancer.Define("127.61.0.1", target.Target()));

        using var client = await balancer.ConnectAsync("127.61.0.1");

        Assert.Equal("a", await client.ReadAsync(1));
    }

    [Fact]
    public async Task A_client_that_has_said_everything_still_hears_the_answer()
    {
        await using var target = new TestTarget();
        await using var balancer = await RunningBalancer.StartAsync();
        await balancer.DeployAsync(RunningBalancer.Define("127.61.0.1", target.Target()));
        using var client = await balancer.ConnectAsync("127.61.0.1");

        await client.SendAsync("question");
        client.Shutdown(SocketShutdown.Send);
        using var server = await target.AcceptAsync(Stopping);
        var heard = await server.ReadToEndAsync();
        await server.SendAsync("a late answer");
        server.Shutdown(SocketShutdown.Send);

        Assert.Equal("question", heard);
        Assert.Equal("a late answer", await client.ReadToEndAsync());
        await Eventually.TrueAsync("nothing is open", () => balancer.Target(target.Port).Traffic.Open == 0);
    }

    [Fact]
    public async Task A_target_that_has_said_everything_still_hears_the_client()
    {
        await using var target = new TestTarget();
        await using var balancer = await RunningBalancer.StartAsync();
        await balancer.DeployAsync(RunningBalancer.Define("127.61.0.1", target.Target()));
        using var client = await balancer.ConnectAsync("127.61.0.1");
        await client.SendAsync("x");
        using var server = await target.AcceptAsync(Stopping);

        server.Shutdown(SocketShutdown.Send);
        var end = await client.ReadToEndAsync();
        await client.SendAsync("more");
        client.Shutdown(SocketShutdown.Send);

        Assert.Equal("", end);
        Assert.Equal("xmore", await server.ReadToEndAsync());
    }

    [Fact]
    public async Task A_reset_by_the_client_resets_the_target()
    {
        await using var target = new TestTarget();
        await using var balancer = await RunningBalancer.StartAsync();
        await balancer.DeployAsync(RunningBalancer.Define("127.61.0.1", target.Target()));
        var client = await balancer.ConnectAsync("127.61.0.1");
        await client.SendAsync("x");
        using var server = await target.AcceptAsync(Stopping);
        await server.ReadAsync(1);

        client.Reset();

        var failure = await Assert.ThrowsAsync<SocketException>(() => server.ReadAsync(1));
        Assert.Equal(SocketError.ConnectionReset, failure.SocketErrorCode);
    }

    [Fact]
    public async Task A_reset_by_the_target_resets_the_client_after_what_was_sent()
    {
        await using var target = new TestTarget();
        await using var balancer = await RunningBalancer.StartAsync();
        await balancer.DeployAsync(RunningBalancer.Define("127.61.0.1", target.Target()));
        using var client = await balancer.ConnectAsync("127.61.0.1");
        await client.SendAsync("xyz");
        var server = await target.AcceptAsync(Stopping);
        await server.SendAsync("no");

        server.Close(); // what the client sent is unread: the kernel resets

        Assert.Equal("no", await client.ReadAsync(2));
        var failure = await Assert.ThrowsAsync<SocketException>(() => client.ReadAsync(1));
        Assert.Equal(SocketError.ConnectionReset, failure.SocketErrorCode);
    }

    [Fact]
    public async Task A_silent_connection_is_closed_and_one_that_speaks_is_not()
    {
        var time = new ManualTimeProvider();
        await using var target = TestTarget.Echo();
        var balancer = await RunningBalancer.StartAsync(options => options.IdleTimeout = TimeSpan.FromMinutes(1), time);
        await balancer.DeployAsync(RunningBalancer.Define("127.61.0.1", target.Target()));
        using var silent = await balancer.ConnectAsync("127.61.0.1");
        using var talking = await balancer.ConnectAsync("127.61.0.1");
        Assert.True(await silent.EchoesAsync("a"));
        Assert.True(await talking.EchoesAsync("a"));

        time.Advance(TimeSpan.FromSeconds(50));
        Assert.True(await talking.EchoesAsync("b"));
        time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal("", await silent.ReadAsync(1));
        Assert.True(await talking.EchoesAsync("c"));
        await StopAsync(balancer, time);
    }

    [Fact]
    public async Task The_PROXY_header_names_the_client_and_the_address_it_called()
    {
        await using var target = new TestTarget();
        await using var balancer = await RunningBalancer.StartAsync(options => (options.ProxyProtocol, options.Check) = (true, Extensions.TcpBalancer.CheckKind.None));
        await balancer.DeployAsync(RunningBalancer.Define("127.61.0.1", target.Target()));

        using var client = await balancer.ConnectAsync("127.61.0.1");
        await client.SendAsync("hello");
        using var server = await target.AcceptAsync(Stopping);
        var header = Encoding.Latin1.GetBytes(await server.ReadAsync(28));

        Assert.Equal("\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u000c"u8.ToArray(), header[..16]);
        Assert.Equal(((IPEndPoint)client.LocalEndPoint!).Address.GetAddressBytes(), header[16..20]);
        Assert.Equal([127, 61, 0, 1], header[20..24]);
        Assert.Equal(((IPEndPoint)client.LocalEndPoint!).Port, (header[24] << 8) | header[25]);
        Assert.Equal(balancer.Options.HttpPort, (header[26] << 8) | header[27]);
        Assert.Equal("hello", await server.ReadAsync(5));
    }

    [Fact]
    public async Task A_reader_that_does_not_read_stops_the_writer_and_nobody_else()
    {
        await using var target = new TestTarget();
        await using var balancer = await RunningBalancer.StartAsync(options => options.Threads = 1);
        await balancer.DeployAsync(RunningBalancer.Define("127.61.0.1", target.Target()));
        using var slow = await balancer.ConnectAsync("127.61.0.1");
        await slow.SendAsync("x");
        using var server = await target.AcceptAsync(Stopping);
        await server.ReadAsync(1);
        server.Blocking = false;

        var sent = await FillAsync(server);
        using var other = await balancer.ConnectAsync("127.61.0.1");
        await other.SendAsync("y");
        using var otherServer = await target.AcceptAsync(Stopping);
        await otherServer.SendAsync("quick");
        var quick = await other.ReadAsync(5);
        var received = 0L;
        var buffer = new byte[1 << 20];
        while (received < sent)
            received += await slow.ReceiveAsync(buffer, Stopping);

        Assert.Equal("quick", quick);
        Assert.InRange(sent, 1, 64 << 20); // the kernel's buffers and ours, and not memory without end
        Assert.Equal(sent, received);
    }

    [Fact]
    public async Task A_gibibyte_goes_through_unharmed()
    {
        const long size = 1L << 30;
        await using var target = new TestTarget(static async (socket, stopping) =>
        {
            var block = Pattern();
            for (var sent = 0L; sent < size;)
                sent += await socket.SendAsync(Next(block, sent, size), stopping);
        });
        await using var balancer = await RunningBalancer.StartAsync();
        await balancer.DeployAsync(RunningBalancer.Define("127.61.0.1", target.Target()));

        using var client = await balancer.ConnectAsync("127.61.0.1");
        var (received, isWhole, expected, buffer) = (0L, true, Pattern(), new byte[1 << 20]);
        while (await client.ReceiveAsync(buffer, Stopping) is > 0 and var read)
        {
            for (var i = 0; i < read && isWhole;)
            {
                var at = (int)((received + i) % expected.Length);
                var length = Math.Min(read - i, expected.Length - at);
                isWhole = buffer.AsSpan(i, length).SequenceEqual(expected.AsSpan(at, length));
                i += length;
            }
            received += read;
        }

        Assert.Equal(size, received);
        Assert.True(isWhole);
    }

    [Fact]
    public async Task A_gibibyte_goes_up_too()
    {
        const long size = 1L << 30;
        var done = new TaskCompletionSource<long>();
        await using var target = new TestTarget(async (socket, stopping) =>
        {
            var (received, buffer) = (0L, new byte[1 << 20]);
            while (await socket.ReceiveAsync(buffer, stopping) is > 0 and var read)
                received += read;
            if (received > 0)
                done.TrySetResult(received);
        });
        await using var balancer = await RunningBalancer.StartAsync();
        await balancer.DeployAsync(RunningBalancer.Define("127.61.0.1", target.Target()));

        using var client = await balancer.ConnectAsync("127.61.0.1");
        var block = Pattern();
        for (var sent = 0L; sent < size;)
            sent += await client.SendAsync(block.AsMemory(0, (int)Math.Min(block.Length, size - sent)), Stopping);
        client.Shutdown(SocketShutdown.Send);

        Assert.Equal(size, await done.Task.WaitAsync(Stopping));
    }

    // A length that is no multiple of anybody's buffer.
    private static byte[] Pattern()
    {
        var block = new byte[(1 << 20) + 7];
        new Random(1).NextBytes(block);
        return block;
    }

    private static ReadOnlyMemory<byte> Next(byte[] block, long sent, long size)
    {
        var at = (int)(sent % block.Length);
        return block.AsMemory(at, (int)Math.Min(block.Length - at, size - sent));
    }

    /// <summary>Writes until nothing more goes for a good while.</summary>
    private static async Task<long> FillAsync(Socket socket)
    {
        var (sent, block) = (0L, new byte[1 << 20]);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromMilliseconds(500))
        {
            var more = socket.Send(block, SocketFlags.None, out var error);
            sent += Math.Max(0, more);
            if (error == SocketError.Success)
                watch.Restart();
            else
                await Task.Yield();
        }
        return sent;
    }

    private static async Task StopAsync(RunningBalancer balancer, ManualTimeProvider time)
    {
        var stopped = balancer.DisposeAsync().AsTask();
        await Eventually.TrueAsync("it has stopped", () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return stopped.IsCompleted;
        });
        await stopped;
    }
}
