using System.Net.Sockets;
using Interlook.Extensions.EmbeddedDns;
using Interlook.Extensions.EmbeddedDns.Messages;
using Interlook.Extensions.EmbeddedDns.Names;
using Interlook.Extensions.EmbeddedDns.Serving;
using Xunit;

namespace Interlook.Extensions.Tests.EmbeddedDns;

/// <summary>The loop that serves where Linux's calls are missing.</summary>
public sealed class PortableDatagramLoopTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task It_answers_forwards_and_stops(string address)
    {
        await using var resolver = new FakeResolver((query, _) => [FakeResolver.Address(query, 1)]);
        var options = new EmbeddedDnsOptions { Zones = ["example.org"], Listen = [EmbeddedServer.FreeEndpoint(address)] };
        var responder = new Responder(forwards: true) { Ttl = 60, Snapshot = new NameSnapshot(new ZoneLayout(options).Tree, 1) };
        using var forwarder = new Forwarder([resolver.Endpoint], responder, TimeProvider.System);
        var counts = new QueryCounts();
        var endpoint = options.Listen[0];
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(endpoint);
        var loop = new PortableDatagramLoop(socket, responder, forwarder, counts.NewLane(QueryCounts.Udp));
        loop.Start();

        Assert.Single((await endpoint.AskAsync("example.org", "SOA")).Answers);
        Assert.Equal(["www.example.net. 9 IN A 198.51.100.1"], (await endpoint.AskAsync("www.example.net", "A")).Answers);
        Assert.Equal(1, (await endpoint.AskAsync(new byte[12])).Code);
        loop.Stop();
        await loop.Ended;

        Assert.Equal(3, counts.Measure("dns.embedded").Sum(measurement => measurement.Value));
    }
}
