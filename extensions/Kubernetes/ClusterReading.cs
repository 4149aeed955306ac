using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes;

/// <summary>The part of a cluster that the provider reads, and whether it can be read. Safe for concurrent use.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="needsNodes">False where nodes do not count: they need not be readable then.</param>
internal sealed class ClusterReading(ICluster cluster, bool needsNodes)
{
    /// <summary>The API server's own Service, in the namespace that every cluster has. Elsewhere the answer is that there is none, which is one.</summary>
    private const string Own = "kubernetes";

    /// <summary>Longer than informers wait between two tries.</summary>
    private static readonly TimeSpan UntilNextTry = PumpPace.Longest * 1.5;

    private static readonly TimeSpan BetweenGlances = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait for the first lists; less than this is one list of many thousand objects over a slow line.</summary>
    private static readonly TimeSpan FirstLists = TimeSpan.FromSeconds(60);

    private Reason? told; // of the one watch that there is at a time

    /// <summary>The server, for messages.</summary>
    internal string Server => cluster.Server;

    internal IInformer<Service> Services => cluster.Services;

    internal IInformer<EndpointSlice> Slices => cluster.Slices;

    /// <summary>The nodes; null where they do not count.</summary>
    internal IInformer<Node>? Nodes => needsNodes ? cluster.Nodes : null;

    private ExtensionException? Failure => Services.Failure ?? Slices.Failure ?? Nodes?.Failure;

    private bool IsWhole => Services.Latest is not null && Slices.Latest is not null && (Nodes is null || Nodes.Latest is not null);

    /// <summary>Fails while something of it cannot be read.</summary>
    /// <exception cref="ExtensionException">Why.</exception>
    internal void ThrowIfUnreadable()
    {
        if (Failure is { } failure)
            Throw(failure);
    }

    /// <summary>
    /// Asks the server itself, since what informers say of it may be some seconds old: they have not noticed yet, or have not tried again.
    /// </summary>
    /// <exception cref="ExtensionException">It cannot be read, or refuses a part for good.</exception>
    internal async Task CheckAsync(CancellationToken stopping)
    {
        await cluster.Services.ReadAsync(new(cluster.Space, Own), stopping);
        if (Failure is { } failure && !ApiFault.MayPass(failure))
            Throw(failure);
    }

    /// <summary>
    /// As <see cref="RecoverAsync"/>, for somebody who comes back after each failure with ever longer pauses: a reason that he was told already is
    /// waited out, since informers find out sooner.
    /// </summary>
    /// <exception cref="ExtensionException">It cannot be read, for a reason that is new.</exception>
    internal async Task AwaitAsync(TimeProvider time, CancellationToken stopping)
    {
        while (told is not null && Failure?.Reason == told)
            await Task.Delay(BetweenLooks, time, stopping);
        try
        {
            await RecoverAsync(time, stopping);
            told = null;
        }
        catch (ExtensionException failure)
        {
            told = failure.Reason;
            throw;
        }
    }

    /// <summary>Makes sure that the server can be read now, and that informers which could not read it have tried again.</summary>
    /// <exception cref="ExtensionException">It cannot be read.</exception>
    internal async Task RecoverAsync(TimeProvider time, CancellationToken stopping)
    {
        await CheckAsync(stopping);
        var begun = time.GetTimestamp();
        while (Failure is not null && time.GetElapsedTime(begun) < UntilNextTry)
            await Task.Delay(BetweenGlances, time, stopping);
        ThrowIfUnreadable();
    }

    /// <summary>Waits until everything was listed once.</summary>
    /// <exception cref="ExtensionException">It cannot be listed, or not in time.</exception>
    internal async Task WaitAsync(TimeProvider time, CancellationToken stopping)
    {
        var begun = time.GetTimestamp();
        while (!IsWhole)
        {
            ThrowIfUnreadable();
            if (time.GetElapsedTime(begun) > FirstLists)
                throw new ExtensionException(Reason.Timeout, $"{cluster.Server} did not list its {Missing()} within {FirstLists.TotalSeconds} s: look at its load, or set `namespaces`");
            await Task.Delay(BetweenGlances, time, stopping);
        }
        ThrowIfUnreadable();
    }

    // Made anew: one exception is thrown by one place at a time.
    private static void Throw(ExtensionException failure) =>
        throw new ExtensionException(failure.Reason, failure.Message, failure.RetryAfter, failure);

    private string Missing() => string.Join(" and ", new[]
    {
        Services.Latest is null ? "Services" : null,
        Slices.Latest is null ? "EndpointSlices" : null,
        Nodes is { Latest: null } ? "Nodes" : null,
    }.OfType<string>());
}
