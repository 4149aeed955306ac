using Interlook.Configuration;
using Interlook.Extensions.GestioIP;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.GestioIP;

/// <summary>What the HTTP client beneath does by itself.</summary>
public sealed class GestioIPTransportTests
{
    private const string Page = "<xResult><error></error></xResult>";

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_is_sent_once_whatever_becomes_of_its_answer()
    {
        await using var server = new ClosingServer(Page);
        using var transport = Open(server);
        await transport.ReadAsync("x", "warming up", [], Stopping);

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => transport.WriteAsync("x", "writing", [], Stopping));

        Assert.Equal(Reason.Unreachable, failure.Reason);
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task A_read_may_be_sent_again()
    {
        await using var server = new ClosingServer(Page);
        using var transport = Open(server);
        await transport.ReadAsync("x", "warming up", [], Stopping);

        await transport.ReadAsync("x", "reading", [], Stopping);

        Assert.Equal(3, server.Requests);
    }

    [Fact]
    public async Task Whoever_only_looks_cannot_write()
    {
        await using var server = new ClosingServer(Page);
        using var transport = Open(server, isReadOnly: true);

        await Assert.ThrowsAsync<InvalidOperationException>(() => transport.WriteAsync("x", "writing", [], Stopping));

        Assert.Equal(0, server.Requests);
    }

    private static GestioIPTransport Open(ClosingServer server, bool isReadOnly = false) => new(
        new GestioIPOptions { Endpoint = server.Url, Username = "api", Password = new Secret("x") }, new ManualTimeProvider(), isReadOnly);
}
