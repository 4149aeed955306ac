using System.Collections.Immutable;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes.Informing;

/// <summary>Whatever happens on the way, in the end the cache holds what a list would.</summary>
public sealed class RandomHistoryTests
{
    private const int HistoriesOfEach = 500;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Any_order_of_events_cuts_forgotten_versions_and_lists_ends_with_what_there_is(int first)
    {
        for (var seed = first * HistoriesOfEach; seed < (first + 1) * HistoriesOfEach; seed++)
            await RunAsync(seed);
    }

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        var time = new ManualTimeProvider();
        var server = new SimulatedServices(random, random.Next(5, 60));
        string[] scopes = random.Next(2) == 0 ? [] : ["n0", "n2"];
        var comparison = new ContentComparison<Service>(new ResourceKinds().Services.Json);
        var informer = new Informer<Service>(server, scopes, comparison, TimeSpan.FromMinutes(7), time, random, NullLogger.Instance);
        using var life = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        var view = new ReaderView();

        var reading = view.ReadAsync(informer, life.Token);
        var running = informer.RunAsync(life.Token);
        await UntilAsync(seed, time, () => server.IsCalm && server.Waiting == Math.Max(1, scopes.Length));
        await UntilAsync(seed, time, () => view.Matches(informer.Latest!));
        await life.CancelAsync();
        await running;
        await reading;

        var expected = server.Final.Where(each => scopes.Length == 0 || scopes.Contains(each.Key.Namespace)).ToDictionary();
        Assert.True(informer.Failure is null, $"seed {seed}: {informer.Failure?.Message}");
        Assert.True(informer.BrokenObjects == 0, $"seed {seed}: {informer.BrokenObjects} are said to be broken");
        Assert.True(
            expected.Count == informer.Latest!.Objects.Count
            && expected.All(each => informer.Latest.Find(each.Key)?.Metadata.ResourceVersion == each.Value.Metadata.ResourceVersion),
            $"seed {seed}: the cache is not what there is");
        Assert.True(view.Matches(informer.Latest), $"seed {seed}: a reader who goes by the changes has not seen all of them");
    }

    /// <summary>Lets time pass until something is true; nothing sleeps, so what is never true is seen by the count.</summary>
    private static async Task UntilAsync(int seed, ManualTimeProvider time, Func<bool> condition)
    {
        for (var turns = 0; !condition(); turns++)
        {
            Assert.True(turns < 200_000, $"seed {seed}: it does not come to rest");
            if (turns % 4 == 3 && time.NextDue is { } due)
                time.Advance(due);
            await Task.Yield();
        }
    }

    /// <summary>What somebody knows who takes only what a change names.</summary>
    private sealed class ReaderView
    {
        private volatile ImmutableDictionary<ObjectName, string> hosts = ImmutableDictionary<ObjectName, string>.Empty;

        internal async Task ReadAsync(Informer<Service> informer, CancellationToken stopping)
        {
            try
            {
                await foreach (var change in informer.FollowAsync(stopping))
                {
                    var now = hosts;
                    foreach (var name in change.Changed ?? change.Cache.Objects.Keys)
                        now = change.Cache.Find(name) is { } found ? now.SetItem(name, HostOf(found)) : now.Remove(name);
                    hosts = now;
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // the test is over
            }
        }

        internal bool Matches(ObjectCache<Service> cache)
        {
            var now = hosts;
            return now.Count == cache.Objects.Count && cache.Objects.All(each => now.GetValueOrDefault(each.Key) == HostOf(each.Value));
        }

        private static string HostOf(Service service) => service.Metadata.Annotations["interlook.hosts"];
    }
}
