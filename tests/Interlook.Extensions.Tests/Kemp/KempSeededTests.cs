using System.Xml.Linq;
using Interlook.Collections;
using Interlook.Extensions.Kemp;
using Interlook.Services;
using Interlook.Simulators.Faults;
using Xunit;
using static Interlook.Extensions.Tests.Kemp.KempServices;

namespace Interlook.Extensions.Tests.Kemp;

/// <summary>
/// Random work under random faults, as the engine would do it: whatever failed is asked for again, also by the Interlook after a crash. In the end
/// the appliance has what is wished, and what others own is what it was, byte by byte.
/// </summary>
[Collection("Kemp under load")]
public sealed class KempSeededTests
{
    private const int SeedsPerRun = 25;
    private const int Steps = 6;
    private const int MostTries = 60;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public async Task Whatever_goes_wrong_the_appliance_has_what_is_wished_in_the_end(int run)
    {
        for (var seed = run * SeedsPerRun; seed < (run + 1) * SeedsPerRun; seed++)
            await PlayAsync(seed);
    }

    private static async Task PlayAsync(int seed)
    {
        var dice = new Random(seed);
        await using var bed = await KempBed.StartAsync();
        var api = dice.Next(2) == 0 ? "v1" : "v2";
        bed.Kemp.HidesJsonFailures = dice.Next(2) == 0;
        bed.Kemp.VisibilityDelay = TimeSpan.FromMilliseconds(dice.Next(2) * dice.Next(500));
        PlaceForeign(bed, dice);
        var foreign = Foreign(bed);
        bed.Kemp.ListsRealServers = dice.Next(4) > 0;
        var wishes = new Dictionary<string, ServiceDefinition?>();
        var tried = new Dictionary<string, List<ServiceDefinition>>();
        var kemp = await StartAsync(bed, api);

        for (var step = 0; step < Steps; step++)
        {
            Disturb(bed, dice);
            if (dice.Next(6) == 0)
            {
                await kemp.StopAsync(Stopping);
                bed.Time.Advance(TimeSpan.FromSeconds(1)); // a process takes as long to come back
                kemp = await StartAsync(bed, api);
            }
            var work = Enumerable.Range(0, 3).Select(i => $"app{(dice.Next(2) * 3) + i}").Select(name => (Name: name, Wish: Wish(name, dice))).ToList();
            foreach (var (name, wish) in work)
            {
                wishes[name] = wish;
                (tried.TryGetValue(name, out var list) ? list : tried[name] = []).AddRange(wish is null ? [] : [wish]);
            }
            await Task.WhenAll(work.Select(each => TryAsync(kemp, each.Name, each.Wish, tried[each.Name])));
            await bed.NobodyIsHeldAsync();
        }
        bed.Running.Faults.Clear();
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        foreach (var (name, wish) in wishes)
            await UntilDoneAsync(kemp, name, wish, tried[name], seed);

        bed.Time.Advance(TimeSpan.FromSeconds(1)); // what is new shows
        bed.Kemp.ListsRealServers = true;
        var expected = wishes.Values.OfType<ServiceDefinition>().Select(Expected).Order(StringComparer.Ordinal);
        Assert.Equal([$"seed {seed}", .. expected, .. foreign], [$"seed {seed}", .. Ours(bed), .. Foreign(bed)]);
        await NothingIsLeftToDoAsync(bed, kemp, wishes);
        await kemp.StopAsync(Stopping);
    }

    private static async Task<KempProvisioner> StartAsync(KempBed bed, string api)
    {
        while (true)
        {
            var kemp = bed.Create(configure: options => options.Api = api);
            try
            {
                await kemp.StartAsync(Stopping);
                return kemp;
            }
            catch (ExtensionException)
            {
                await kemp.StopAsync(Stopping); // the host tries again
            }
        }
    }

    /// <summary>What others have: some of it at addresses that our services will never get, one with our name on another instance's mark.</summary>
    private static void PlaceForeign(KempBed bed, Random dice)
    {
        for (var i = 0; i < 3 + dice.Next(3); i++)
        {
            bed.Kemp.Run("addvs", ("vs", $"127.10.9.{i}"), ("port", "80"), ("prot", i % 2 == 0 ? "tcp" : "udp"), ("nickname", i == 0 ? "interlook@other@default@app0" : $"app{i}"));
            bed.Kemp.Run("addrs", ("vs", $"{41 + i}"), ("rs", "10.0.0.1"), ("rsport", "8080"), ("weight", "7"));
        }
        bed.Kemp.Run("addvs", ("vs", "127.10.8.1"), ("port", "80"), ("prot", "tcp"));
        bed.Kemp.Run("modvs", ("vs", "127.10.8.1"), ("port", "80"), ("prot", "tcp"), ("createsubvs", ""));
        bed.Time.Advance(TimeSpan.FromMinutes(1));
    }

    private static void Disturb(KempBed bed, Random dice)
    {
        bed.Running.Faults.Clear();
        for (var i = 0; i < dice.Next(4); i++)
        {
            var (kind, skip) = ((FaultKind)dice.Next(5), dice.Next(8));
            bed.Running.Faults.Add(new(kind, (_, _) => skip-- <= 0, 1 + dice.Next(2)) { Status = dice.Next(2) == 0 ? 503 : 500, Delay = TimeSpan.FromMilliseconds(dice.Next(3000)) });
        }
    }

    /// <summary>Services have addresses of their own, two each, as an address step leases them.</summary>
    private static ServiceDefinition? Wish(string name, Random dice)
    {
        var targets = Enumerable.Range(1, 4).Where(_ => dice.Next(2) == 0).Select(i => new Target($"10.0.0.{i}", 8080, dice.Next(4))).ToArray();
        var wish = Define(name, $"127.10.{dice.Next(2)}.{name[3..]}", targets) with { Tls = dice.Next(3) == 0 };
        return dice.Next(4) == 0 ? null : wish;
    }

    private static async Task TryAsync(KempProvisioner kemp, string name, ServiceDefinition? wish, List<ServiceDefinition> tried)
    {
        try
        {
            await (wish is null ? kemp.UndeployAsync(Key(name), tried.ToEquatableArray(), Stopping) : kemp.DeployAsync(Key(name), wish, tried.ToEquatableArray(), Stopping));
        }
        catch (ExtensionException failure)
        {
            Assert.NotEqual(Reason.Conflict, failure.Reason);
            Assert.NotEqual(Reason.Malformed, failure.Reason);
        }
    }

    private static async Task UntilDoneAsync(KempProvisioner kemp, string name, ServiceDefinition? wish, List<ServiceDefinition> tried, int seed)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await (wish is null ? kemp.UndeployAsync(Key(name), tried.ToEquatableArray(), Stopping) : kemp.DeployAsync(Key(name), wish, tried.ToEquatableArray(), Stopping));
                return;
            }
            catch (ExtensionException failure)
            {
                Assert.True(tries < MostTries, $"seed {seed}, {name}: {failure.Message}");
            }
        }
    }

    private static async Task NothingIsLeftToDoAsync(KempBed bed, KempProvisioner kemp, Dictionary<string, ServiceDefinition?> wishes)
    {
        bed.Kemp.ForgetCommands();
        var applied = wishes.Where(wish => wish.Value is not null).ToDictionary(wish => Key(wish.Key), wish => wish.Value!);
        var seen = await kemp.ObserveAsync(applied, Stopping);
        foreach (var (key, definition) in applied)
            await kemp.DeployAsync(key, definition, [definition], Stopping);

        Assert.Empty(seen.Drifts);
        Assert.Empty(seen.Orphans);
        Assert.Empty(bed.Writes);
    }

    private static string Expected(ServiceDefinition service)
    {
        var servers = service.Targets.Select(target => $"{target.Host}:{target.Port}*{Math.Max(1, target.Weight)}{(target.Weight > 0 ? "" : "-")}").Order(StringComparer.Ordinal);
        return $"{service.PublicIp}:{(service.Tls ? 443 : 80)}/tcp interlook@test@default@{service.Name} [{string.Join(' ', servers)}]";
    }

    private static IEnumerable<string> Ours(KempBed bed) => bed.Outline().Where(line => line.Contains("interlook@test@", StringComparison.Ordinal));

    private static string[] Foreign(KempBed bed) =>
    [
        .. bed.Services()
            .Where(service => service.Element("NickName")?.Value.StartsWith("interlook@test@", StringComparison.Ordinal) != true)
            .Select(service => service.ToString(SaveOptions.DisableFormatting)),
    ];
}
