using System.Runtime.InteropServices;
using Interlook.Host.Commands;

namespace Interlook.Host.Running;

/// <summary>
/// Turns the first SIGTERM or SIGINT into a cancelled token; a second one ends the process at once. SIGHUP, the end of the terminal, asks to
/// stop too where that is wanted, however often it comes: the terminal and its shell may both send one.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly PosixSignalRegistration terminate;
    private readonly PosixSignalRegistration interrupt;
    private readonly PosixSignalRegistration? hangUp;
    private readonly Action<int> exit;
    private int received;

    /// <param name="withHangUp">True for what shall not outlive its terminal.</param>
    internal StopSignals(bool withHangUp = false)
        : this(Environment.Exit)
    {
        if (withHangUp)
            hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, HangUp);
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
            Stop();
    }

    private void HangUp(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Stop();
    }

    /// <summary>Off the signal's thread: what waits on the token may run long, and a second signal must still be heard.</summary>
    private void Stop() => _ = Task.Run(stopping.Cancel);

    public void Dispose()
    {
        terminate.Dispose();
        interrupt.Dispose();
        hangUp?.Dispose();
        stopping.Dispose();
    }
}
