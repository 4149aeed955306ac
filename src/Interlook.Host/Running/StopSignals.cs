using System.Runtime.InteropServices;
using Interlook.Host.Commands;

namespace Interlook.Host.Running;

/// <summary>Turns the first SIGTERM or SIGINT into a cancelled token; a second one ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly PosixSignalRegistration terminate;
    private readonly PosixSignalRegistration interrupt;
    private readonly Action<int> exit;
    private int received;

    internal StopSignals()
        : this(Environment.Exit)
    {
    }

    /// <summary>For tests, which must not end.</summary>
    internal StopSignals(Action<int> exit)
    {
        this.exit = exit;
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Receive);
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Receive);
    }

    internal CancellationToken Token => stopping.Token;

    internal void Receive(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref received) > 1)
            exit(ExitCode.Failed);
        else
            // Off the signal's thread: what waits on the token may run long, and a second signal must still be heard.
            _ = Task.Run(stopping.Cancel);
    }

    public void Dispose()
    {
        terminate.Dispose();
        interrupt.Dispose();
        stopping.Dispose();
    }
}
