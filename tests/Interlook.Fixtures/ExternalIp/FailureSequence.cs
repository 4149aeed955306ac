using System.Net;
using Interlook.Fixtures.Networks;

namespace Interlook.Fixtures.ExternalIp;

/// <summary>Lets one part after the other fail, each when all is well again, and keeps what the client saw of it.</summary>
/// <param name="laboratory">What fails.</param>
/// <param name="random">Chooses the order and the machines.</param>
/// <param name="rest">
/// How long nothing happens between two. Longer than an expiry each failure is one of its own; without rest they fall into what is left of the one before.
/// </param>
public sealed class FailureSequence(VipLaboratory laboratory, Random random, TimeSpan rest)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs it.</summary>
    /// <param name="kinds">What may happen: of each as many.</param>
    /// <param name="count">How many failures.</param>
    /// <param name="addresses">Addresses that all answer.</param>
    public async Task<IReadOnlyList<Failure>> RunAsync(IReadOnlyList<FailureKind> kinds, int count, IReadOnlyList<IPAddress> addresses)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        ArgumentNullException.ThrowIfNull(addresses);
        var watched = addresses.Select(laboratory.Watcher.Watch).ToList();
        var failures = new List<Failure>();
        var round = new Queue<FailureKind>();
        while (failures.Count < count)
        {
            if (round.Count == 0)
                round = new(kinds.OrderBy(_ => random.Next()));
            var kind = round.Dequeue();
            var begun = laboratory.Watcher.Now;
            var machine = await FailAsync(kind, watched, begun);
            await laboratory.AcquaintedAsync(laboratory.Nodes);
            // What a process has left in the kernel answers for a while: the gap may come after everything is said to be well.
            await VipLaboratory.LetPassAsync(rest);
            await laboratory.AnsweringAsync(watched);
            var worst = watched.MaxBy(each => each.LongestGap(begun))!;
            failures.Add(new(kind, machine, worst.LongestGap(begun), worst.Address));
        }
        return failures;
    }

    private async Task<string> FailAsync(FailureKind kind, List<WatchedAddress> watched, TimeSpan begun)
    {
        // Somebody whom it hurts: the holder of one of the addresses.
        var node = await laboratory.HolderAsync(watched[random.Next(watched.Count)].Address);
        var scheduler = laboratory.Schedulers[random.Next(laboratory.Schedulers.Count)];
        var hardware = await node.HardwareAsync();
        List<WatchedAddress> moving = [.. watched.Where(each => each.Turns[^1].Hardware.Equals(hardware))];
        switch (kind)
        {
            case FailureKind.Killed:
                await node.KillAsync();
                await MovedAsync();
                await node.StartAsync();
                break;
            case FailureKind.Stopped:
                await node.FreezeAsync();
                await MovedAsync();
                await node.ContinueAsync();
                break;
            case FailureKind.Refused:
                node.Door.Shut();
                await MovedAsync();
                node.Door.Reopen();
                break;
            case FailureKind.Silent:
                node.Door.Block();
                await MovedAsync();
                node.Door.Reopen();
                break;
            case FailureKind.Terminated:
                await node.TerminateAsync();
                await node.EndedAsync(CancellationToken.None);
                await MovedAsync();
                await node.StartAsync();
                break;
            case FailureKind.LinkDown:
                await node.Machine.Namespace.IpAsync("link set eth0 down", "link set eth0 up");
                break;
            case FailureKind.Unplugged:
                await laboratory.Network.UnplugAsync(node.Machine, LaboratoryNetwork.Front);
                await laboratory.Network.PlugAsync(node.Machine, LaboratoryNetwork.Front);
                break;
            case FailureKind.Restarted:
                await node.KillAsync();
                await node.StartAsync();
                break;
            case FailureKind.SchedulerKilled:
                await scheduler.KillAsync();
                await VipLaboratory.LetPassAsync(rest);
                await scheduler.StartAsync();
                return scheduler.Name;
            case FailureKind.SchedulersCutOff:
                laboratory.Schedulers.ToList().ForEach(each => each.Door.Shut());
                await VipLaboratory.LetPassAsync(rest);
                laboratory.Schedulers.ToList().ForEach(each => each.Door.Reopen());
                return "both";
            case FailureKind.StoreKilled:
                await laboratory.Place.KillAsync();
                await laboratory.Place.StartAsync();
                return "the store";
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
        return node.Name;

        Task MovedAsync() => Eventually.TrueAsync(
            $"others answer for what {node.Name} had when {kind}", () => moving.All(each => each.Turns.Any(turn => turn.Since > begun && !turn.Hardware.Equals(hardware))), Patience);
    }
}
