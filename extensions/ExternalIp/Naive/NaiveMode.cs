using Interlook.Extensions.ExternalIp.Holding;
using Interlook.Extensions.ExternalIp.Linux;
using Interlook.Extensions.Kubernetes.Access;
using Interlook.Extensions.Kubernetes.Informing;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Naive;

/// <summary>The simple mode, <c>interlook naive</c>: all parts of it, put together.</summary>
public static class NaiveMode
{
    private const string BootId = "/proc/sys/kernel/random/boot_id";

    /// <summary>Runs until it is stopped, and takes the addresses away then.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="context">Clock, chance, loggers.</param>
    /// <param name="stopping">Stops it.</param>
    /// <exception cref="ExtensionException">It cannot work: no such interface, no right, no cluster.</exception>
    public static async Task RunAsync(NaiveOptions options, ExtensionContext context, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
            throw new ExtensionException(Reason.Invalid, "addresses on interfaces need 64-bit Linux");
        var access = AccessSearch.Find(options, Surroundings.Process, context.Time);
        using var link = Open(options, context.Time);
        await using var cluster = new Cluster(access, new WatchedPart([], "", options.Resync), context);
        var keeper = new AddressKeeper(link, options.Resync, context.Time, context.Loggers.CreateLogger<AddressKeeper>());
        await new NaiveController(cluster.Services, keeper, options, context.Loggers.CreateLogger<NaiveController>()).RunAsync(stopping);
    }

    private static LinuxLink Open(NaiveOptions options, TimeProvider time)
    {
        var journal = AddressMark.IsKept
            ? null
            : new AddressJournal(Path.Combine(options.JournalFolder, $"{options.Link}.addresses"), File.ReadAllText(BootId).Trim());
        var link = new LinuxLink(options.Link, KernelCalls.Open, journal, time);
        try
        {
            // An interface that goes later is waited for; one that never was is a slip of the pen.
            return link.Read().State is not null
                ? link
                : throw new ExtensionException(Reason.Invalid, $"there is no interface {options.Link}: name one that `ip link` lists with --iface");
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }
}
