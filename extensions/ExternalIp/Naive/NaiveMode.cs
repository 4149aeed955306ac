using Interlook.Extensions.ExternalIp.Holding;
using Interlook.Extensions.ExternalIp.Linux;
using Interlook.Extensions.Kubernetes.Access;
using Interlook.Extensions.Kubernetes.Informing;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Naive;

/// <summary>The simple mode, <c>interlook naive</c>: all parts of it, put together.</summary>
public static class NaiveMode
{
    /// <summary>Runs until it is stopped, and takes the addresses away then.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="context">Clock, chance, loggers.</param>
    /// <param name="stopping">Stops it.</param>
    /// <exception cref="ExtensionException">It cannot work: no such interface, no right, no cluster.</exception>
    public static async Task RunAsync(NaiveOptions options, ExtensionContext context, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        var access = AccessSearch.Find(options, Surroundings.Process, context.Time);
        using var link = LinkOpening.Open(options.Link, options.JournalFolder, context.Time);
        await using var cluster = new Cluster(access, new WatchedPart([], "", options.Resync), context);
        var keeper = new AddressKeeper(link, options.Resync, context.Time, context.Loggers.CreateLogger<AddressKeeper>());
        await new NaiveController(cluster.Services, keeper, options, context.Loggers.CreateLogger<NaiveController>()).RunAsync(stopping);
    }
}
