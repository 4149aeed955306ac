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
    public async Task<StepResult> RunAsync(ServiceKey key, PlannedStep step, CancellationToken stopping)
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

    private async Task<StepResult> CallAsync(ServiceKey key, PlannedStep step, IProvisioner provisioner, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(deadline, time);
        using var linked = stopping.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), timeout);
        Task<ServiceDefinition?> call;
        try
        {
            call = Call(key, step, provisioner, timeout.Token);
            if (!call.IsCompleted && !await EndsInTimeAsync(call))
                return new StepResult.Hung(call, $"{step.Step} still works on {key} {Seconds(deadline + Grace)} after it began and ignores its cancellation; no other call is made for the service until it ends");
            return new StepResult.Acknowledged(await call);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return new StepResult.Stopped();
        }
        catch (OperationCanceledException)
        {
            return new StepResult.Failed(Reason.Timeout, $"{step.Step} gave no answer for {key} within {Seconds(deadline)} (core.serviceWIPTimeout); it is asked again");
        }
        catch (ExtensionException failure)
        {
            return new StepResult.Failed(failure.Reason, failure.Message, failure.RetryAfter);
        }
        catch (Exception failure)
        {
            return new StepResult.Failed(Reason.Internal, $"{step.Step} failed for {key} in a way it should not ({failure.GetType().Name}: {failure.Message}); please report it", Fault: failure);
        }
    }

    private static async Task<ServiceDefinition?> Call(ServiceKey key, PlannedStep step, IProvisioner provisioner, CancellationToken stopping)
    {
        if (step.Given is not null)
            return await provisioner.DeployAsync(key, step.Given, step.Earlier, stopping);
        await provisioner.UndeployAsync(key, step.Earlier, stopping);
        return null;
    }

    private async Task<bool> EndsInTimeAsync(Task call)
    {
        try
        {
            await call.WaitAsync(deadline + Grace, time, CancellationToken.None);
        }
        catch (TimeoutException) when (!call.IsCompleted)
        {
            return false;
        }
        catch (Exception) when (call.IsCompleted)
        {
            // The caller awaits the call itself and sees what happened.
        }
        return true;
    }

    private static string Seconds(TimeSpan duration) => $"{duration.TotalSeconds:0.#} s";
}
