using Interlook.Extensions.ExternalIp.Kubernetes;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Fixtures;
using Interlook.Specification;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interlook.Extensions.Tests.ExternalIp.Kubernetes;

/// <summary>A process that would lead, with a clock of its own: while it stands still the process is stopped.</summary>
internal sealed class Candidate : IAsyncDisposable
{
    private readonly CancellationTokenSource life = new();
    private readonly Task running;
    private volatile bool leads;
    private int terms;

    internal Candidate(ApiServer api, string ns, string identity)
    {
        var options = new LeaderElectionOptions { Identity = identity, Lease = new ObjectName(ns, "ipclaim-scheduler") };
        var election = new LeaderElection(api, options, Time, new Random(1), NullLogger<LeaderElection>.Instance);
        running = election.RunAsync(WorkAsync, life.Token);
    }

    internal ManualTimeProvider Time { get; } = new();

    internal bool Leads => leads;

    internal int Terms => terms;

    /// <summary>How far its clock was moved by <see cref="GoOnAsync"/>.</summary>
    internal TimeSpan Passed { get; private set; }

    /// <summary>Lets its time go on, from one thing that it waits for to the next, until something is so.</summary>
    internal Task GoOnAsync(string what, Func<bool> condition) => Eventually.TrueAsync(what, () =>
    {
        if (condition())
            return true;
        // A longer wait is that for an answer, which comes by itself.
        if (Time.NextDue is { } due && due <= TimeSpan.FromSeconds(2))
        {
            Time.Advance(due);
            Passed += due;
        }
        return condition();
    });

    /// <summary>Stops it as an operator would.</summary>
    internal async Task StopAsync()
    {
        await life.CancelAsync();
        await running;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        life.Dispose();
    }

    private async Task WorkAsync(CancellationToken ended)
    {
        Interlocked.Increment(ref terms);
        leads = true;
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, Time, ended);
        }
        finally
        {
            leads = false;
        }
    }
}
