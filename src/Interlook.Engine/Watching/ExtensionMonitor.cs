using Interlook.Engine.Status;
using Interlook.Extensions;
using Microsoft.Extensions.Logging;

namespace Interlook.Engine.Watching;

/// <summary>Checks one extension again and again, so that health tells the truth also while nothing is to do.</summary>
/// <param name="name">The extension.</param>
/// <param name="extension">What is checked.</param>
/// <param name="recovered">Called when a check succeeds after one that failed.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Says when the extension is lost and found.</param>
internal sealed partial class ExtensionMonitor(
    string name,
    IExtension extension,
    Action recovered,
    TimeProvider time,
    ILogger<ExtensionMonitor> logger)
{
    /// <summary>The pause between two checks.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private volatile ExtensionStatus status = new(name, Connected: false, null, "not started yet", null, 0, []);

    /// <summary>What the last check said.</summary>
    public ExtensionStatus Status => status;

    /// <summary>Notes why the extension has not started yet.</summary>
    public void Waits(Reason reason, string message) => status = status with { Reason = reason, Message = message };

    /// <summary>Notes that the extension has just started: that was its first check.</summary>
    public void Started() => status = status with { Connected = true, Reason = null, Message = null, LastGood = time.GetUtcNow() };

    /// <summary>Checks until stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var pulse = new PeriodicTimer(Interval, time);
        try
        {
            while (await pulse.WaitForNextTickAsync(stopping))
                await RunOnceAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Our own stop.
        }
    }

    /// <summary>One check.</summary>
    public async Task RunOnceAsync(CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var linked = stopping.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), timeout);
        try
        {
            await extension.CheckAsync(timeout.Token).WaitAsync(Patience, time, stopping);
            Good();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (ExtensionException failure)
        {
            Bad(failure.Reason, failure.Message);
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException)
        {
            Bad(Reason.Timeout, $"{name} did not answer its check within {Patience.TotalSeconds:0} s");
        }
        catch (Exception fault)
        {
            Bad(Reason.Internal, $"{name} failed its check in a way it should not ({fault.GetType().Name}: {fault.Message}); please report it");
        }
    }

    private void Good()
    {
        var lost = !status.Connected;
        status = status with { Connected = true, Reason = null, Message = null, LastGood = time.GetUtcNow() };
        if (!lost)
            return;
        Log.Recovered(logger, name);
        recovered();
    }

    private void Bad(Reason reason, string message)
    {
        if (status.Connected)
            Log.Lost(logger, name, reason, message);
        status = status with { Connected = false, Reason = reason, Message = message };
    }
}
