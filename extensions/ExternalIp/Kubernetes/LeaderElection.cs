using Interlook.Extensions.ExternalIp.Running;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Objects;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>
/// Lets one of several processes work. It spares writes that would only be refused: that no address has two holders is the claims' own affair, and
/// holds under any number of schedulers. Who loses the lease stops working and goes on as a candidate; the process stays.
/// </summary>
internal sealed partial class LeaderElection : ILeadership
{
    private readonly ApiServer api;
    private readonly LeaderElectionOptions options;
    private readonly TimeProvider time;
    private readonly Random random;
    private readonly ILogger<LeaderElection> logger;
    private readonly LeaderElectionState state;
    private readonly long begin;
    private string told = "";
    private bool isFailing;

    /// <param name="api">The server.</param>
    /// <param name="options">Which lease, and its times.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Spreads the attempts of several candidates.</param>
    /// <param name="logger">Says who leads.</param>
    /// <exception cref="ExtensionException">The times do not fit together.</exception>
    internal LeaderElection(ApiServer api, LeaderElectionOptions options, TimeProvider time, Random random, ILogger<LeaderElection> logger)
    {
        if (options.Problem is { } problem)
            throw new ExtensionException(Reason.Invalid, $"leader election: {problem}");
        (this.api, this.options, this.time, this.random, this.logger) = (api, options, time, random, logger);
        state = new LeaderElectionState(options);
        begin = time.GetTimestamp();
    }

    /// <summary>
    /// Works while it leads. Returns when stopped, or when the work ends by itself; the lease is given back then, after the work has ended.
    /// </summary>
    /// <param name="leadAsync">The work; its token ends with the leadership. Begins anew with each leadership.</param>
    /// <param name="stopping">Stops it.</param>
    public async Task RunAsync(Func<CancellationToken, Task> leadAsync, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                while (await AttemptAsync(stopping) is null)
                    await PauseAsync(stopping);
                if (await LeadAsync(leadAsync, stopping))
                    return;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // stopped
        }
        finally
        {
            await ReleaseAsync();
        }
    }

    /// <returns>True when the work ended by itself.</returns>
    private async Task<bool> LeadAsync(Func<CancellationToken, Task> workAsync, CancellationToken stopping)
    {
        using var leading = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(leading.Token, deadline.Token);
        Log.Leads(logger, options.Identity);
        var work = workAsync(ended.Token);
        var renewing = RenewAsync(deadline, ended.Token);
        await Task.WhenAny(work, renewing);
        var isDone = !ended.IsCancellationRequested && work.IsCompleted;
        await leading.CancelAsync();
        await renewing;
        try
        {
            await work;
        }
        catch (OperationCanceledException) when (!isDone)
        {
            // its leadership ended
        }
        if (!isDone && !stopping.IsCancellationRequested)
            Log.Lost(logger, options.Identity);
        return isDone;
    }

    /// <summary>Renews until the leadership ends, which a call that hangs cannot put off.</summary>
    private async Task RenewAsync(CancellationTokenSource deadline, CancellationToken ended)
    {
        try
        {
            for (var now = Now; state.Until(now) is { } until; now = Now)
            {
                deadline.CancelAfter(until - now);
                await PauseAsync(ended);
                await AttemptAsync(ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // stopped, or the deadline
        }
    }

    /// <summary>Tries once to have or keep the lease.</summary>
    /// <returns>Until when we have it; null when we do not.</returns>
    private async Task<TimeSpan?> AttemptAsync(CancellationToken stopping)
    {
        using var patience = new CancellationTokenSource(options.RenewDeadline / 2, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        try
        {
            await AskAsync(either.Token);
            if (isFailing)
                Log.Recovered(logger, options.Lease);
            isFailing = false;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            Fail(new ExtensionException(Reason.Timeout, $"{api.Server} does not answer"));
        }
        catch (ExtensionException failure) when (failure.Reason == Reason.Conflict)
        {
            // Another was faster: what it wrote is seen with the next attempt.
        }
        catch (ExtensionException failure)
        {
            Fail(failure);
        }
        return state.Until(Now);
    }

    private async Task AskAsync(CancellationToken stopping)
    {
        state.See(await api.GetAsync(api.Kinds.Leases, options.Lease, stopping), Now);
        var sent = Now;
        if (state.Next(sent, time.GetUtcNow()) is { } lease && await WriteAsync(lease, stopping) is { } written)
            state.Wrote(written, sent);
        if (state.Holder != told)
            Log.Holder(logger, options.Lease, told = state.Holder);
    }

    private async Task<LeaderLease?> WriteAsync(LeaderLease lease, CancellationToken stopping) => lease.Metadata.ResourceVersion == ""
        ? await api.CreateAsync(api.Kinds.Leases, lease, stopping)
        : await api.UpdateAsync(api.Kinds.Leases, lease, stopping);

    /// <summary>A courtesy to the others: what fails here costs them the lease duration.</summary>
    private async Task ReleaseAsync()
    {
        if (state.Release(time.GetUtcNow()) is not { } lease)
            return;
        using var patience = new CancellationTokenSource(options.RetryPeriod, time);
        try
        {
            await WriteAsync(lease, patience.Token);
        }
        catch (Exception failure) when (failure is ExtensionException or OperationCanceledException)
        {
            Log.NotReleased(logger, options.Lease, failure.Message);
        }
    }

    private void Fail(ExtensionException failure)
    {
        if (!isFailing)
            Log.Failed(logger, options.Lease, failure.Reason, failure.Message);
        isFailing = true;
    }

    private Task PauseAsync(CancellationToken stopping) => Task.Delay(options.RetryPeriod * (1 - (random.NextDouble() / 5)), time, stopping);

    private TimeSpan Now => time.GetElapsedTime(begin);
}
