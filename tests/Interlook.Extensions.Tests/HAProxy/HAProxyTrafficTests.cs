using System.Net;
using System.Net.Sockets;
using Interlook.Fixtures;
using Interlook.Services;
using Xunit;

namespace Interlook.Extensions.Tests.HAProxy;

/// <summary>What clients see at a service's address while things change behind it.</summary>
public sealed class HAProxyTrafficTests : IAsyncLifetime
{
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(20) };
    private HAProxyServer server = null!;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await HAProxyServer.StartNewAsync();

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_request_to_the_public_address_reaches_the_target()
    {
        await using var backend = new HttpBackend("one");
        var provisioner = await HAProxyTests.StartAsync(server);

        await provisioner.DeployAsync(HAProxyTests.Define("shop", "127.50.0.1", backend.Target()));

        Assert.Equal("one", await GetAsync("127.50.0.1", server.HttpPort));
        Assert.Equal(HttpStatusCode.NoContent, await ForeignAsync());
    }

    [Fact]
    public async Task A_service_with_TLS_listens_on_the_other_port_and_passes_bytes_through()
    {
        await using var backend = new HttpBackend("one");
        var provisioner = await HAProxyTests.StartAsync(server);

        await provisioner.DeployAsync(HAProxyTests.Define("shop", "127.50.0.1", backend.Target()) with { Tls = true });

        Assert.Equal("one", await GetAsync("127.50.0.1", server.HttpsPort));
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync("127.50.0.1", server.HttpPort));
    }

    [Fact]
    public async Task An_IPv6_address_and_an_IPv6_target_work()
    {
        await using var backend = new HttpBackend("one");
        var provisioner = await HAProxyTests.StartAsync(server);
        var definition = HAProxyTests.Define("shop", "::1", backend.Target(), new Target("::1", 9, 0));

        await provisioner.DeployAsync(definition);
        await provisioner.DeployAsync(definition with { Targets = [backend.Target(), new Target("::1", 10, 0)] });

        Assert.Equal("one", await GetAsync("[::1]", server.HttpPort));
        Assert.Equal(1, (await server.ProcessesAsync()).Reloads - 1); // one at start, one for the section; the target went without
    }

    [Fact]
    public async Task Scaling_from_one_to_three_and_back_needs_no_reload()
    {
        await using var one = new HttpBackend("one");
        await using var two = new HttpBackend("two");
        await using var three = new HttpBackend("three");
        var provisioner = await HAProxyTests.StartAsync(server);
        var single = HAProxyTests.Define("shop", "127.50.0.1", one.Target());
        var triple = HAProxyTests.Define("shop", "127.50.0.1", one.Target(), two.Target(), three.Target(2));
        await provisioner.DeployAsync(single);
        var before = await server.ProcessesAsync();

        await provisioner.DeployAsync(triple);
        var spread = await AnswersAsync("127.50.0.1", 30);
        var drifts = await provisioner.ObserveAsync(triple);
        await provisioner.DeployAsync(single);
        var alone = await AnswersAsync("127.50.0.1", 10);

        Assert.Equal(["one", "three", "two"], spread);
        Assert.Empty(drifts.Drifts);
        Assert.Equal(["one"], alone);
        Assert.Equal(before.Workers, (await server.ProcessesAsync()).Workers);
        Assert.DoesNotContain(":" + two.Port, await File.ReadAllTextAsync(server.ConfigFile, Stopping));
    }

    [Fact]
    public async Task A_weight_changes_without_a_reload_and_zero_takes_a_target_out()
    {
        await using var one = new HttpBackend("one");
        await using var two = new HttpBackend("two");
        var provisioner = await HAProxyTests.StartAsync(server);
        await provisioner.DeployAsync(HAProxyTests.Define("shop", "127.50.0.1", one.Target(), two.Target()));
        var before = await server.ProcessesAsync();

        await provisioner.DeployAsync(HAProxyTests.Define("shop", "127.50.0.1", one.Target(0), two.Target(256)));

        Assert.Equal(["two"], await AnswersAsync("127.50.0.1", 10));
        Assert.Equal(before.Workers, (await server.ProcessesAsync()).Workers);
    }

    [Fact]
    public async Task With_a_static_algorithm_scaling_reloads()
    {
        await using var one = new HttpBackend("one");
        await using var two = new HttpBackend("two");
        var provisioner = await HAProxyTests.StartAsync(server, options => options.Balance = "static-rr");
        await provisioner.DeployAsync(HAProxyTests.Define("shop", "127.50.0.1", one.Target()));
        var before = await server.ProcessesAsync();

        await provisioner.DeployAsync(HAProxyTests.Define("shop", "127.50.0.1", one.Target(), two.Target()));

        Assert.Equal(["one", "two"], await AnswersAsync("127.50.0.1", 10));
        Assert.Equal(before.Reloads + 1, (await server.ProcessesAsync()).Reloads);
    }

    [Fact]
    public async Task Without_the_runtime_API_every_change_reloads()
    {
        await using var one = new HttpBackend("one");
        var provisioner = await HAProxyTests.StartAsync(server, options => options.RuntimeApi = false);
        await provisioner.DeployAsync(HAProxyTests.Define("shop", "127.50.0.1", one.Target()));
        var before = await server.ProcessesAsync();

        await provisioner.DeployAsync(HAProxyTests.Define("shop", "127.50.0.1", one.Target(2)));

        Assert.Equal(before.Reloads + 1, (await server.ProcessesAsync()).Reloads);
    }

    [Fact]
    public async Task A_target_that_is_a_host_name_is_resolved_by_a_reload()
    {
        await using var one = new HttpBackend("one");
        var provisioner = await HAProxyTests.StartAsync(server);
        var definition = HAProxyTests.Define("shop", "127.50.0.1", new Target("localhost", one.Port), new Target("no-such-host.invalid", 80));

        await provisioner.DeployAsync(definition);

        Assert.Equal(["one"], await AnswersAsync("127.50.0.1", 3));
        Assert.Empty((await provisioner.ObserveAsync(definition)).Drifts);
    }

    [Fact]
    public async Task A_service_without_targets_keeps_its_address_and_closes_connections()
    {
        var provisioner = await HAProxyTests.StartAsync(server);

        await provisioner.DeployAsync(HAProxyTests.Define("shop", "127.50.0.1"));

        using var client = new TcpClient();
        await client.ConnectAsync("127.50.0.1", server.HttpPort, Stopping);
        Assert.Equal(0, await ReadAsync(client));
    }

    [Fact]
    public async Task No_request_fails_during_fifty_reloads()
    {
        await using var backend = new HttpBackend("one");
        var provisioner = await HAProxyTests.StartAsync(server);
        await provisioner.DeployAsync(HAProxyTests.Define("shop", "127.50.0.1", backend.Target()));
        var before = await server.ProcessesAsync();
        using var done = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 3).Select(_ => RequestUntilAsync(done.Token)).ToList();

        for (var i = 0; i < 25; i++)
        {
            var other = HAProxyTests.Define("other", "127.50.0.2", backend.Target());
            await provisioner.DeployAsync(other);
            await provisioner.UndeployAsync(other);
        }
        await done.CancelAsync();
        var answered = await Task.WhenAll(clients);

        Assert.Equal(before.Reloads + 50, (await server.ProcessesAsync()).Reloads);
        Assert.True(answered.Sum() > 50, $"only {answered.Sum()} requests were made");
    }

    [Fact]
    public async Task An_established_connection_outlives_a_reload_and_its_targets_removal()
    {
        await using var one = new HttpBackend("one");
        await using var two = new HttpBackend("two");
        var provisioner = await HAProxyTests.StartAsync(server);
        await provisioner.DeployAsync(HAProxyTests.Define("shop", "127.50.0.1", one.Target()));
        using var old = await EchoAsync("127.50.0.1");

        await provisioner.DeployAsync(HAProxyTests.Define("shop", "127.50.0.1", two.Target()));
        Assert.Equal(1, await EchoAgainAsync(old));
        Assert.Equal(["two"], await AnswersAsync("127.50.0.1", 5));
        Assert.Empty((await provisioner.ObserveAsync(HAProxyTests.Define("shop", "127.50.0.1", two.Target()))).Drifts);
        await provisioner.DeployAsync(HAProxyTests.Define("other", "127.50.0.2", one.Target()));

        Assert.Equal(1, await EchoAgainAsync(old));
        Assert.Equal(["two"], await AnswersAsync("127.50.0.1", 5));
    }

    [Fact]
    public async Task A_target_that_returns_before_its_connections_ended_is_used_again()
    {
        await using var one = new HttpBackend("one");
        await using var two = new HttpBackend("two");
        var provisioner = await HAProxyTests.StartAsync(server);
        await provisioner.DeployAsync(HAProxyTests.Define("shop", "127.50.0.1", one.Target()));
        var before = await server.ProcessesAsync();
        using var old = await EchoAsync("127.50.0.1");

        await provisioner.DeployAsync(HAProxyTests.Define("shop", "127.50.0.1", two.Target()));
        await provisioner.DeployAsync(HAProxyTests.Define("shop", "127.50.0.1", one.Target()));

        Assert.Equal(["one"], await AnswersAsync("127.50.0.1", 5));
        Assert.Equal(before.Workers, (await server.ProcessesAsync()).Workers);
    }

    private async Task<int> RequestUntilAsync(CancellationToken done)
    {
        var answered = 0;
        while (!done.IsCancellationRequested)
        {
            Assert.Equal("one", await GetAsync("127.50.0.1", server.HttpPort));
            answered++;
        }
        return answered;
    }

    private async Task<string[]> AnswersAsync(string address, int requests)
    {
        var answers = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < requests; i++)
            answers.Add(await GetAsync(address, server.HttpPort));
        return [.. answers];
    }

    private Task<string> GetAsync(string address, int port) =>
        http.GetStringAsync(new Uri($"http://{address}:{port}/"), Stopping);

    private async Task<HttpStatusCode> ForeignAsync()
    {
        using var answer = await http.GetAsync(
            new Uri($"http://{server.Foreign.Address}:{server.Foreign.Port}/"), Stopping);
        return answer.StatusCode;
    }

    private async Task<TcpClient> EchoAsync(string address)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address, server.HttpPort, Stopping);
        Assert.Equal(1, await EchoAgainAsync(client));
        return client;
    }

    private static async Task<int> EchoAgainAsync(TcpClient client)
    {
        await client.GetStream().WriteAsync("x"u8.ToArray(), Stopping);
        return await ReadAsync(client);
    }

    private static async Task<int> ReadAsync(TcpClient client) =>
        await client.GetStream().ReadAsync(new byte[16], Stopping);
}
