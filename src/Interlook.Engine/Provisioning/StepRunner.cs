using Interlook.Engine.Planning;
using Interlook.Engine.Telemetry;
using Interlook.Extensions;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Engine.Provisioning;

/// <summary>Makes one call: with a deadline, and with a result whatever happens. Safe for concurrent use.</summary>
internal sealed class StepRunner(
    IReadOnlyDictionary<string, IProvisioner> provisioners,
    TimeSpan deadline,
    TimeProvider time,
    EngineInstruments instruments)
{
    /// <summary>How long a cancelled call may take to end before it counts as hung.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Makes the call.</summary>
    /// <param name="key">For which service.</param>
    /// <param name="step">What to call, with what.</param>
    /// <param name="stopping">Cancels the call because Interlook stops.</param>
    public async ValueTask<StepResult> RunAsync(ServiceKey key, PlannedStep step, CancellationToken stopping)
    {
        if (!provisioners.TryGetValue(step.Step, out var provisioner))
        {
            return new StepResult.Failed(
                Reason.Invalid,
                $"{step.Step} left something of {key} outside and is no longer configured: restore its section so that it can be taken back");
        }
        var started = time.GetTimestamp();
        var result = await CallAsync(key, step, provisioner, stopping);
        instruments.StepEnded(step.Step, step.Given is null ? StepAction.Undeploy : StepAction.Deploy, time.GetElapsedTime(started));
        if (result is StepResult.Failed failed)
            instruments.StepFailed(step.Step, failed.Reason);
        return result;
    }

    private async ValueTask<StepResult> CallAsync(ServiceKey key, PlannedStep step, IProvisioner provisioner, CancellationToken stopping)
    {
        using var cancellation = new CancellationTokenSource();
        var call = Call(key, step, provisioner, cancellation.Token);
        if (!call.IsCompleted)
            await EndInTimeAsync(call, cancellation, stopping);
        return call switch
        {
            { IsCompleted: false } => new StepResult.Hung(call, $"{step.Step} still works on {key} {Seconds(deadline + Grace)} after it began and ignores its cancellation; no other call is made for the service until it ends"),
            { IsFaulted: true } => Failure(key, step, call.Exception!.InnerException!, stopping),
            { IsCanceled: true } => Cancelled(key, step, stopping),
            _ when step.Given is null => new StepResult.Acknowledged(null),
            _ => await ((Task<ServiceDefinition>)call) is { } applied
                ? new StepResult.Acknowledged(applied)
                : Failure(key, step, new InvalidOperationException("it returned no definition"), stopping),
        };
    }

    /// <summary>Waits for a call that did not end at once. Only such a call costs a timer and a place among those that a stop cancels.</summary>
    private async Task EndInTimeAsync(Task call, CancellationTokenSource cancellation, CancellationToken stopping)
    {
        await using var alarm = time.CreateTimer(Cancel, cancellation, deadline, Timeout.InfiniteTimeSpan);
        using var linked = stopping.UnsafeRegister(Cancel, cancellation);
        // Looked at by the caller instead of thrown here: a failure is an ordinary result, and exceptions are slow.
        await call.WaitAsync(deadline + Grace, time, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
    }

    private static Task Call(ServiceKey key, PlannedStep step, IProvisioner provisioner, CancellationToken stopping)
    {
        try
        {
            var call = step.Given is null
                ? provisioner.UndeployAsync(key, step.Earlier, stopping)
                : provisioner.DeployAsync(key, step.Given, step.Earlier, stopping);
            return call ?? throw new InvalidOperationException("it returned no task");
        }
        catch (Exception failure)
        {
            return Task.FromException(failure);
        }
    }

    private StepResult Failure(ServiceKey key, PlannedStep step, Exception failure, CancellationToken stopping) => failure switch
    {
        ExtensionException told => new StepResult.Failed(told.Reason, told.Message, told.RetryAfter),
        OperationCanceledException => Cancelled(key, step, stopping),
        _ => new StepResult.Failed(
            Reason.Internal,
            $"{step.Step} failed for {key} in a way it should not ({failure.GetType().Name}: {failure.Message}); please report it",
            Fault: failure),
    };

    private StepResult Cancelled(ServiceKey key, PlannedStep step, CancellationToken stopping) => stopping.IsCancellationRequested
        ? new StepResult.Stopped()
        : new StepResult.Failed(Reason.Timeout, $"{step.Step} gave no answer for {key} within {Seconds(deadline)} (core.serviceWIPTimeout); it is asked again");

    private static void Cancel(object? cancellation) => ((CancellationTokenSource)cancellation!).Cancel();

    private static string Seconds(TimeSpan duration) => $"{duration.TotalSeconds:0.#} s";
}
