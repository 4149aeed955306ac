using System.Diagnostics;
using Interlook.Extensions.Kemp;
using Interlook.Services;
using Xunit;
using static Interlook.Extensions.Tests.Kemp.KempServices;

namespace Interlook.Extensions.Tests.Kemp;

/// <summary>A thousand services from cold, at the pace that the flood guard allows.</summary>
[Collection("Kemp under load")] // each would take the machine from the other
public sealed class KempLoadTests : IAsyncLifetime
{
    private const int Services = 1000;
    private const int Targets = 2;

    // The API has no command for several objects: one for each virtual service and one for each real server is the least.
    private const int LeastWrites = Services * (1 + Targets);

    // Reads: 32 services are under way at once, and a list serves all who wait. So at best there is a list for each 32 services (31); 60 to 70 are
    // usual, as it is chance who comes in time for which list.
    private const int MostLists = Services / 8;

    private KempBed bed = null!;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => bed = await KempBed.StartAsync();

    public ValueTask DisposeAsync() => bed.DisposeAsync();

    [Fact]
    public async Task A_thousand_services_come_with_hardly_more_calls_than_the_least_and_in_no_more_time_than_these_take()
    {
        var kemp = await bed.StartProvisionerAsync(Stopping);
        var services = Enumerable.Range(0, Services)
            .Select(i => Define($"app{i}", $"127.10.{i / 250}.{1 + (i % 250)}", new("10.0.0.1", 20000 + i), new("10.0.0.2", 20000 + i, 3)))
            .ToList();
        var (begin, watch) = (bed.Time.GetUtcNow(), Stopwatch.StartNew());

        await EachAsync(kemp.ConcurrencyLimit!.Value, services, service => kemp.DeployAsync(Key(service.Name), service, [], Stopping));

        var took = bed.Time.GetUtcNow() - begin;
        var (writes, lists) = (bed.Writes.Count(), bed.Kemp.Commands.Count(command => command == "listvs"));
        TestContext.Current.SendDiagnosticMessage($"{writes} writes and {lists} lists in {took.TotalSeconds:0} s of the appliance's time, {watch.Elapsed.TotalSeconds:0.0} s of the test's");
        Assert.Equal(LeastWrites, writes);
        Assert.InRange(lists, 1, MostLists);
        Assert.Equal(0, bed.Kemp.Dropped);
        Assert.InRange(took.TotalSeconds, 0, ((writes + lists) / 8.0) + 1);
        await NothingIsLeftToDoAsync(kemp, services);
    }

    private async Task NothingIsLeftToDoAsync(KempProvisioner kemp, List<ServiceDefinition> services)
    {
        bed.Kemp.ForgetCommands();
        var seen = await kemp.ObserveAsync(services.ToDictionary(service => Key(service.Name)), Stopping);
        Assert.Equal(["listvs"], bed.Kemp.Commands);
        await EachAsync(kemp.ConcurrencyLimit!.Value, services[..200], service => kemp.DeployAsync(Key(service.Name), service, [service], Stopping));

        Assert.Empty(seen.Drifts);
        Assert.Empty(seen.Orphans);
        Assert.Empty(bed.Writes);
        Assert.InRange(bed.Kemp.Commands.Count, 1, MostLists + 1);
    }

    private static Task EachAsync(int atOnce, List<ServiceDefinition> services, Func<ServiceDefinition, Task> callAsync) =>
        Parallel.ForEachAsync(services, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = Stopping }, async (service, _) => await callAsync(service));
}
