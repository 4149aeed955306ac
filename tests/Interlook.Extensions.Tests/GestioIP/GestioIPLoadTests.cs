using Interlook.Services;
using Xunit;
using static Interlook.Extensions.Tests.GestioIP.GestioIPBed;

namespace Interlook.Extensions.Tests.GestioIP;

/// <summary>
/// A thousand services from cold, as many at once as the engine would let. Expected: one write a service, which the API cannot do with less; and at
/// most one read a service, which is shared by those that wait for one at the same time, and one to prove the first reservation.
/// </summary>
public sealed class GestioIPLoadTests(ITestOutputHelper output)
{
    private const int Services = 1000;
    private const string Wide = "10.20.0.0/22";

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_services_cost_one_write_each_and_shared_reads()
    {
        await using var bed = await StartAsync(networks: Wide);
        var gestioip = await bed.StartProvisionerAsync(Stopping, networks: Wide);
        var applied = new System.Collections.Concurrent.ConcurrentDictionary<ServiceKey, ServiceDefinition>();

        await EachAsync(async i => applied[Key($"s{i}")] = await gestioip.DeployAsync(Key($"s{i}"), Define($"s{i}"), [], Stopping));
        var (deployReads, deployWrites) = Count(bed);
        await EachAsync(async i => Assert.Equal(applied[Key($"s{i}")], await gestioip.DeployAsync(Key($"s{i}"), Define($"s{i}"), [applied[Key($"s{i}")]], Stopping)));
        var observed = await gestioip.ObserveAsync(applied, Stopping);
        var (againReads, againWrites) = Count(bed);
        var addresses = applied.Values.Select(definition => definition.PublicIp).Distinct().Count();
        await EachAsync(i => gestioip.UndeployAsync(Key($"s{i}"), [applied[Key($"s{i}")]], Stopping));
        var (undeployReads, undeployWrites) = Count(bed);

        output.WriteLine($"deploy: {deployReads} reads, {deployWrites} writes; again: {againReads} reads; undeploy: {undeployReads} reads, {undeployWrites} writes");
        Assert.Equal(Services, addresses);
        Assert.Empty(observed.Drifts);
        Assert.Empty(observed.Orphans);
        Assert.Equal(Services, deployWrites);
        Assert.InRange(deployReads, 1, Services + 1);
        Assert.InRange(againReads, 1, Services + 1);
        Assert.Equal(0, againWrites);
        Assert.Equal(Services, undeployWrites);
        Assert.InRange(undeployReads, Services, 2 * Services);
        Assert.Empty(bed.Inventory.Hosts);

        Task EachAsync(Func<int, Task> actAsync) => Parallel.ForEachAsync(
            Enumerable.Range(0, Services),
            new ParallelOptions { MaxDegreeOfParallelism = gestioip.ConcurrencyLimit!.Value, CancellationToken = Stopping },
            async (i, _) => await actAsync(i));
    }

    private static (int Reads, int Writes) Count(GestioIPBed bed)
    {
        var writes = bed.Writes.Count();
        var reads = bed.Requests.Count() - writes;
        bed.Running.ForgetCalls();
        return (reads, writes);
    }
}
