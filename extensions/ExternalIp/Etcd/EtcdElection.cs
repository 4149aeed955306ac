using System.Text;
using Interlook.Extensions.Etcd.Calls;
using Interlook.Extensions.ExternalIp.Running;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Etcd;

/// <summary>
/// Elects one of several processes by a key that hangs on a leader lease of etcd. It saves work and is no fence: two that lead at once, as
/// after a pause of one, do no harm, because every write of theirs is a compare-and-set.
/// </summary>
/// <param name="client">Speaks to etcd.</param>
/// <param name="key">The key; its value is the leader's identity.</param>
/// <param name="identity">Who we are. The same identity takes its place again at once after a restart.</param>
/// <param name="times">The times.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Keeps the candidates apart.</param>
/// <param name="logger">Where changes are told.</param>
internal sealed partial class EtcdElection(
    EtcdClient client, string key, string identity, ElectionTimes times, TimeProvider time, Random random, ILogger logger) : ILeadership
{
    private readonly byte[] key = Encoding.UTF8.GetBytes(key);
    private readonly byte[] value = Encoding.UTF8.GetBytes(identity);

    /// <summary>Stands for election again and again until it is stopped.</summary>
    /// <param name="leadAsync">What a leader does, until its token is cancelled because it leads no longer. What it throws ends the run.</param>
    /// <param name="stopping">Ends it; the place is given back.</param>
    public async Task RunAsync(Func<CancellationToken, Task> leadAsync, CancellationToken stopping)
    {
        while (true)
        {
            var asked = time.GetTimestamp();
            try
            {
                if (await TryTakeAsync(stopping) is { } place)
                    await LeadAsync(place, asked, leadAsync, stopping);
            }
            catch (ExtensionException problem)
            {
                Log.CannotStand(logger, problem.Message);
            }
            await Task.Delay(times.Retry * (0.8 + (0.4 * random.NextDouble())), time, stopping);
        }
    }

    private async Task<Place?> TryTakeAsync(CancellationToken stopping)
    {
        try
        {
            var stored = (await client.RangeAsync(new() { Key = key }, "reading the leader", stopping)).Kvs.FirstOrDefault();
            if (stored is not null && !stored.Value.AsSpan().SequenceEqual(value))
                return null;
            var lease = await client.GrantAsync(times.Lease, stopping);
            var answer = await client.TxnAsync(
                new()
                {
                    Compare = [new() { Key = key, ModRevision = stored?.ModRevision ?? 0 }],
                    Success = [new() { RequestPut = new() { Key = key, Value = value, Lease = lease.Id } }],
                    Failure = [],
                },
                "writing the leader", stopping);
            return answer.Succeeded ? new(lease.Id, answer.Header.Revision) : null;
        }
        catch (EtcdRefusal refusal)
        {
            throw refusal.Fault;
        }
    }

    private async Task LeadAsync(Place place, long asked, Func<CancellationToken, Task> leadAsync, CancellationToken stopping)
    {
        using var leading = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Log.Leads(logger, identity);
        var work = leadAsync(leading.Token);
        try
        {
            await KeepAsync(place, asked, work, stopping);
        }
        finally
        {
            await leading.CancelAsync();
            try
            {
                await work;
            }
            catch (OperationCanceledException) when (leading.IsCancellationRequested)
            {
                // Told to stop, it stopped.
            }
            Log.LeadsNoLonger(logger, identity);
            await GiveBackAsync(place);
        }
    }

    /// <summary>Renews until the place is lost, the work ends, or we are stopped.</summary>
    private async Task KeepAsync(Place place, long renewed, Task work, CancellationToken stopping)
    {
        while (true)
        {
            if (await Task.WhenAny(work, Task.Delay(times.Retry, time, stopping)) == work || stopping.IsCancellationRequested)
                return;
            var asked = time.GetTimestamp();
            using var deadline = new CancellationTokenSource(Max(times.RenewDeadline - time.GetElapsedTime(renewed), TimeSpan.FromMilliseconds(1)), time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, deadline.Token);
            try
            {
                if ((await client.KeepAliveAsync(place.Lease, either.Token)).Ttl <= 0)
                    return;
                renewed = asked;
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
            {
                return;
            }
            catch (ExtensionException problem)
            {
                Log.NotRenewed(logger, problem.Message);
            }
            if (time.GetElapsedTime(renewed) >= times.RenewDeadline)
                return;
        }
    }

    /// <summary>Removes the key if it is still ours, so that nobody waits for the end of the leader lease.</summary>
    private async Task GiveBackAsync(Place place)
    {
        using var patience = new CancellationTokenSource(times.Retry, time);
        try
        {
            await client.TxnAsync(
                new()
                {
                    Compare = [new() { Key = key, ModRevision = place.Revision }],
                    Success = [new() { RequestDeleteRange = new() { Key = key } }],
                    Failure = [],
                },
                "giving back the lead", patience.Token);
        }
        catch (Exception failure) when (failure is ExtensionException or EtcdRefusal or OperationCanceledException)
        {
            Log.NotGivenBack(logger, failure.Message);
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>What a leader has.</summary>
    /// <param name="Lease">Its leader lease.</param>
    /// <param name="Revision">The revision at which it wrote the key.</param>
    private readonly record struct Place(long Lease, long Revision);
}
