using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Api.Tests;

public sealed class ListenTests
{
    [Fact]
    public async Task A_port_in_use_is_told_with_the_key_to_change()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var server = new ApiServer(new ApiOptions { ListenPort = port }, new FakeEngine(), TimeProvider.System, NullLoggerFactory.Instance);

        var failure = await Assert.ThrowsAsync<ListenException>(() => server.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal(
            $"the API cannot listen on 127.0.0.1:{port}: another program has the port; end it, or change core.listenPort", failure.Message);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_told_with_the_key_to_change()
    {
        var options = new ApiOptions { ListenAddress = IPAddress.Parse("192.0.2.1"), ListenPort = 0 };
        await using var server = new ApiServer(options, new FakeEngine(), TimeProvider.System, NullLoggerFactory.Instance);

        var failure = await Assert.ThrowsAsync<ListenException>(() => server.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("change core.listenAddress", failure.Message);
    }

    [Fact]
    public async Task Starting_answering_and_stopping_log_nothing()
    {
        var log = new LogLines();
        var api = await RunningApi.StartAsync(new FakeEngine(), loggers: log);

        await api.GetTextAsync("/services");
        await api.DisposeAsync();

        // A starved machine makes the server complain of its own heartbeat; that is worth a line.
        Assert.DoesNotContain(log.Lines, line => !line.Contains("heartbeat"));
    }

    [Fact]
    public async Task A_large_body_does_no_harm()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine().With(Samples.Deployed("shop")));

        using var body = new StringContent(new string('x', 1_000_000), Encoding.UTF8, "text/plain");
        var answer = await Record.ExceptionAsync(async () =>
        {
            using var response = await api.Client.PostAsync("/services/shop/retry", body, TestContext.Current.CancellationToken);
        });
        var (alive, _) = await api.GetAsync("/services");

        // The body is never read, so the server may answer first or close the connection; either way it goes on.
        Assert.True(answer is null or HttpRequestException);
        Assert.Equal(HttpStatusCode.OK, alive);
    }

    [Fact]
    public async Task A_server_that_never_started_can_be_disposed()
    {
        var server = new ApiServer(new ApiOptions(), new FakeEngine(), TimeProvider.System, NullLoggerFactory.Instance);

        Assert.Throws<InvalidOperationException>(() => server.EndPoint);
        await server.DisposeAsync();
    }
}
