using System.Collections.Concurrent;
using Interlook.Collections;
using Interlook.Extensions.GestioIP;
using Interlook.Services;
using Interlook.Simulators.Faults;
using Xunit;
using static Interlook.Extensions.Tests.GestioIP.GestioIPBed;

namespace Interlook.Extensions.Tests.GestioIP;

/// <summary>
/// Services that come, go and change their requests, while answers are lost, calls are refused and cancelled, GestioIP and Interlook restart, Interlook
/// forgets everything, and hands change what is ours: in the end the reservations are what was wished, and foreign hosts as they were.
/// </summary>
public sealed class GestioIPSeededTests
{
    private const int Seeds = 200;
    private const int Services = 6;

    private static readonly string[] Types = ["usedNetworkAddresses", "readHost", "reserveFirstFreeNetworkAddress", "createHost", "deleteHost"];
    private static readonly FaultKind[] Kinds = [FaultKind.Refuse, FaultKind.DropBefore, FaultKind.DropAfter];

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_happens_in_the_end_it_is_as_wished()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            try
            {
                await RunAsync(seed);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}", failure);
            }
        }
    }

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        await using var bed = await StartAsync();
        var foreign = PlaceForeign(bed, random);
        if (random.Next(4) == 0)
            bed.GestioIP.Missing.Add("usedNetworkAddresses");
        bed.GestioIP.AnswersErrorsWithStatus = random.Next(2) == 0;
        var world = new World(bed, await bed.StartProvisionerAsync(Stopping));

        for (var pass = 0; pass < 6; pass++)
        {
            Trouble(bed, random);
            world.Wish(random);
            await world.PassAsync(random);
            if (random.Next(4) == 0)
                await bed.Running.RestartAsync();
            if (random.Next(4) == 0)
                await world.RestartInterlookAsync(forget: random.Next(2) == 0);
            if (random.Next(5) == 0 && bed.Inventory.Hosts.FirstOrDefault(host => host.Comment.Contains(":test:", StringComparison.Ordinal)) is { } ours)
                bed.Inventory.RemoveHosts(ours.Address);
        }
        bed.Running.Faults.Clear();
        await bed.Running.RestartAsync(); // cuts off what was cancelled and is still under way
        await world.ConvergeAsync();

        Assert.Equal(foreign, bed.Inventory.Describe().Where(line => !line.Contains("interlook:test:", StringComparison.Ordinal)));
        world.AssertAsWished();
        await world.AssertQuietAsync();
    }

    private static string[] PlaceForeign(GestioIPBed bed, Random random)
    {
        string[] comments = ["", "interlook:other:default:s1", "interlook", "the printer", "R&D <old>"];
        foreach (var last in Enumerable.Range(1, 12).Where(_ => random.Next(3) == 0))
            bed.Inventory.AddHost($"192.168.99.{last}", $"h{last}", comments[random.Next(random.Next(3) == 0 ? 5 : 4)]);
        return bed.Inventory.Describe();
    }

    private static void Trouble(GestioIPBed bed, Random random)
    {
        for (var i = random.Next(4); i > 0; i--)
        {
            var type = Types[random.Next(Types.Length)];
            bed.Plan(Kinds[random.Next(Kinds.Length)], type, times: random.Next(1, 3), status: random.Next(3) == 0 ? 200 : 503);
        }
    }

    /// <summary>What an engine would keep: the wish, and what may have been left outside.</summary>
    private sealed class World(GestioIPBed bed, GestioIPProvisioner provisioner)
    {
        private readonly Dictionary<string, ServiceDefinition> wished = [];
        private readonly ConcurrentDictionary<string, EquatableArray<ServiceDefinition>> earlier = new();
        private GestioIPProvisioner gestioip = provisioner;

        internal void Wish(Random random)
        {
            for (var i = 0; i < Services; i++)
            {
                switch (random.Next(4))
                {
                    case 0:
                        wished.Remove($"s{i}");
                        break;
                    case 1:
                        wished[$"s{i}"] = Define($"s{i}");
                        break;
                    case 2: // high ones, which nobody gets without asking; two a service, so that it also moves
                        wished[$"s{i}"] = Define($"s{i}", $"192.168.99.{100 + (10 * i) + random.Next(2)}");
                        break;
                }
            }
        }

        /// <summary>One attempt for every service at once, some of them cut off.</summary>
        internal Task<bool[]> PassAsync(Random random) => Task.WhenAll(
            Enumerable.Range(0, Services).Select(i => ($"s{i}", random.Next(5) == 0 ? random.Next(1, 400) : (int?)null)).ToList()
                .Select(each => AttemptAsync(each.Item1, each.Item2)));

        internal async Task RestartInterlookAsync(bool forget)
        {
            if (forget)
                earlier.Clear();
            try
            {
                gestioip = bed.Create();
                await gestioip.StartAsync(Stopping);
            }
            catch (ExtensionException)
            {
                bed.Running.Faults.Clear(); // planned for others, met by the start
                await gestioip.StartAsync(Stopping);
            }
        }

        internal async Task ConvergeAsync()
        {
            for (var round = 0; round < 3; round++)
            {
                for (var i = 0; i < Services; i++)
                    Assert.True(await AttemptAsync($"s{i}", cutAfter: null));
                foreach (var orphan in (await gestioip.ObserveAsync(Applied(), Stopping)).Orphans.ToList())
                    await gestioip.UndeployAsync(orphan.Key!.Value, [Define(orphan.Key.Value.Service)], Stopping);
            }
        }

        internal void AssertAsWished()
        {
            var reserved = bed.Inventory.Hosts
                .Where(host => host.Comment.StartsWith("interlook:test:", StringComparison.Ordinal))
                .ToDictionary(host => host.Comment.Split(':')[^1], host => host.Address);
            Assert.Equal(wished.Keys.Order(), reserved.Keys.Order());
            Assert.Equal(reserved.Count, reserved.Values.Distinct().Count());
            foreach (var (name, definition) in wished)
            {
                Assert.Equal(reserved[name], earlier[name][0].PublicIp);
                if (definition.PublicIp is { } asked)
                    Assert.Equal(asked, reserved[name]);
            }
        }

        internal async Task AssertQuietAsync()
        {
            bed.Running.ForgetCalls();
            var observed = await gestioip.ObserveAsync(Applied(), Stopping);
            foreach (var name in wished.Keys)
                await AttemptAsync(name, cutAfter: null);
            Assert.Empty(observed.Drifts);
            Assert.Empty(observed.Orphans);
            Assert.Empty(bed.Writes);
        }

        private Dictionary<ServiceKey, ServiceDefinition> Applied() => wished.Keys.ToDictionary(Key, name => earlier[name][0]);

        private async Task<bool> AttemptAsync(string name, int? cutAfter)
        {
            using var cut = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
            var attempt = Task.Run(() => StepAsync(name, cut.Token), Stopping);
            for (var i = 0; i < cutAfter; i++)
                await Task.Yield();
            if (cutAfter is not null)
                await cut.CancelAsync();
            try
            {
                await attempt;
                return true;
            }
            catch (Exception failure) when (failure is ExtensionException or OperationCanceledException)
            {
                return false;
            }
        }

        private async Task StepAsync(string name, CancellationToken stopping)
        {
            var had = earlier.GetValueOrDefault(name);
            if (wished.TryGetValue(name, out var definition))
            {
                earlier[name] = [.. had, definition];
                earlier[name] = [await gestioip.DeployAsync(Key(name), definition, had, stopping)];
            }
            else if (had.Count > 0)
            {
                await gestioip.UndeployAsync(Key(name), had, stopping);
                earlier.Remove(name, out _);
            }
        }
    }
}
