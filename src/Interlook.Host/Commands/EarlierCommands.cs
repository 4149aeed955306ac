using Interlook.Extensions.ExternalIp.Naive;
using Interlook.Extensions.ExternalIp.Running;
using Interlook.Host.ExternalIp;

namespace Interlook.Host.Commands;

/// <summary>The commands of the External IP Controller.</summary>
internal static class EarlierCommands
{
    /// <summary>All of them.</summary>
    internal static IReadOnlyList<IEarlierCommand> All { get; } =
    [
        new EarlierCommand<NaiveOptions>(
            ["naive", "naivecontroller", "n"],
            "Put the external IPs of Kubernetes' Services on an interface of this machine",
            NaiveFlags.Of, _ => [], NaiveMode.RunAsync),
        new EarlierCommand<ClaimsOptions>(
            ["claimcontroller", "c"],
            "Put the addresses that the scheduler gives to this node on an interface of it",
            ClaimsFlags.Of, ClaimsFlags.Check, ClaimsMode.RunControllerAsync),
        new EarlierCommand<ClaimsOptions>(
            ["scheduler", "s"],
            "Give the addresses of Services and of vip.externalip to living nodes",
            ClaimsFlags.Of, ClaimsFlags.Check, ClaimsMode.RunSchedulerAsync),
    ];
}
