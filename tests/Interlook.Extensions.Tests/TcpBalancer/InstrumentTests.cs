using System.Diagnostics.Metrics;
using Xunit;

namespace Interlook.Extensions.Tests.TcpBalancer;

public sealed class InstrumentTests
{
    [Fact]
    public async Task Figures_are_told_by_service_and_target()
    {
        await using var target = TestTarget.Echo();
        await using var balancer = await RunningBalancer.StartAsync();
        var name = $"measured-{target.Port}";
        await balancer.DeployAsync(RunningBalancer.Define(name, "127.66.0.1", [target.Target()]));
        using var client = await balancer.ConnectAsync("127.66.0.1");
        Assert.True(await client.EchoesAsync("twelve bytes"));

        var told = Read(name);

        Assert.Equal(1, told["interlook.balancer.connections"]);
        Assert.Equal(1, told["interlook.balancer.connections.open"]);
        Assert.Equal(0, told["interlook.balancer.connect.failures"]);
        Assert.Equal(12, told["interlook.balancer.received"]);
        Assert.Equal(12, told["interlook.balancer.sent"]);
        Assert.Equal(1, told["interlook.balancer.target.healthy"]);
        Assert.Equal(0, told["interlook.balancer.refused"]);
    }

    private static Dictionary<string, long> Read(string service)
    {
        var told = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, reader) =>
            {
                if (instrument.Name.StartsWith("interlook.balancer.", StringComparison.Ordinal))
                    reader.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (tags.ToArray().Contains(new KeyValuePair<string, object?>("service", service)))
                told[instrument.Name] = value;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return told;
    }
}
