using System.Runtime.InteropServices;
using Interlook.Fixtures;
using Interlook.Host.Commands;
using Interlook.Host.Running;
using Xunit;

namespace Interlook.Host.Tests.Running;

public sealed class StopSignalsTests
{
    [Fact]
    public async Task The_first_signal_asks_to_stop_and_the_second_ends_the_process_at_once()
    {
        var exits = new List<int>();
        using var signals = new StopSignals(exits.Add);

        signals.Receive(new PosixSignalContext(PosixSignal.SIGTERM));
        await Eventually.TrueAsync("the stop is asked for", () => signals.Token.IsCancellationRequested);
        Assert.Empty(exits);
        signals.Receive(new PosixSignalContext(PosixSignal.SIGINT));

        Assert.Equal([ExitCode.Failed], exits);
    }

    [Fact]
    public void A_signal_does_not_take_its_usual_effect()
    {
        using var signals = new StopSignals(_ => { });
        var signal = new PosixSignalContext(PosixSignal.SIGTERM);

        signals.Receive(signal);

        Assert.True(signal.Cancel);
    }
}
