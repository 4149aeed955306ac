using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;
using Interlook.Collections;
using Interlook.Extensions.BigIp;
using Interlook.Services;
using Interlook.Simulators.Faults;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.BigIp;

/// <summary>
/// Whatever goes wrong on the way, in the end the appliance has what is wanted, what others made is untouched, and nothing is left over. Each
/// seed plays changes of some services under faults, as the engine would ask for them, and compares with an appliance where nothing went wrong.
/// </summary>
public sealed partial class BigIpFaultTests
{
    private const int Seeds = 60;
    private const int Services = 6;

    public static TheoryData<bool> Modes => [false, true];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task In_the_end_the_appliance_has_what_is_wanted(bool policies)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var problem = await PlayAsync(seed, policies);

            Assert.True(problem is null, $"seed {seed}, {(policies ? "policy" : "vs")}: {problem}");
        }
    }

    private static async Task<string?> PlayAsync(int seed, bool policies)
    {
        var random = new Random(seed);
        var time = new ManualTimeProvider();
        await using var bed = await new BigIpBed(time).StartAsync();
        var engine = new Asker(bed, await bed.ProvisionerAsync(bed.Options(policies)));
        for (var phase = 0; phase < 3; phase++)
        {
            if (random.Next(3) == 0)
            {
                LeaveHalfDone(bed, random, policies);
                await engine.RestartAsync(bed.Options(policies));
            }
            for (var i = random.Next(6); i > 0; i--)
                PlanFault(bed, time, random);
            for (var i = 0; i < Services; i++)
                engine.Wish($"s{i}", random.Next(4) == 0 ? null : Define(i, random));
            if (random.Next(4) == 0)
                await engine.RestartAsync(bed.Options(policies));
            var asking = engine.AskAsync(rounds: 2);
            if (random.Next(5) == 0)
                await bed.Running.RestartAsync();
            await asking;
        }
        bed.Running.Faults.Clear();
        if (await engine.AskAsync(rounds: 20) is { } failure)
            return $"never converged: {failure}";
        await engine.ObserveAsync(); // a resync: it finds nodes that a lost run left, and the next commit deletes them
        await engine.AskAgainAsync();
        await engine.AskNothingAsync();
        var (wanted, actual) = (await WantedAsync(engine.Wishes, policies), Comparable(bed));
        if (!wanted.SequenceEqual(actual))
            return $"wanted\n{string.Join('\n', wanted.Except(actual))}\nand found\n{string.Join('\n', actual.Except(wanted))}";
        bed.TakeCalls();
        var observed = await engine.ObserveAsync();
        await engine.AskAgainAsync();
        var writes = bed.TakeCalls().Where(call => call.Method != "GET").ToList();
        return observed != "" ? observed : writes.Count > 0 ? $"wrote again: {writes[0]}" : null;
    }

    /// <summary>An earlier run ended in the middle.</summary>
    private static void LeaveHalfDone(BigIpBed bed, Random random, bool policies)
    {
        if (policies)
        {
            var policy = random.Next(2) == 0 ? BigIpBed.HttpPolicy : BigIpBed.SslPolicy;
            if (!bed.Appliance.Lines.Any(line => line.Contains($"/Drafts/{policy} ", StringComparison.Ordinal)))
                bed.Appliance.Edit("PATCH", $"/tm/ltm/policy/~interlook~{policy}", BigIpBed.Body("""{"createDraft":true}"""));
            return;
        }
        var name = $"10.0.0.{1 + random.Next(4)}";
        var node = $$"""{"name":"{{name}}","partition":"interlook","address":"{{name}}","description":"interlook instance=test (auto generated - do not edit)"}""";
        if (!bed.Appliance.Lines.Any(line => line.StartsWith($"ltm/node /interlook/{name} ", StringComparison.Ordinal)))
            bed.Appliance.Edit("POST", "/tm/ltm/node", BigIpBed.Body(node));
    }

    private static void PlanFault(BigIpBed bed, ManualTimeProvider time, Random random)
    {
        var skip = random.Next(40); // so many requests go well first
        bool Counted(Action? then)
        {
            if (skip-- > 0)
                return false;
            then?.Invoke();
            return true;
        }
        bed.Running.Faults.Add(random.Next(9) switch
        {
            0 => new(FaultKind.Refuse, (_, _) => Counted(null)) { Status = 503, Body = "<html>Configuration Utility restarting...</html>" },
            1 => new(FaultKind.Refuse, (_, _) => Counted(null)) { Status = 500, ContentType = "application/json", Body = """{"code":500,"message":"The connection to mcpd has been lost, try again.","errorStack":[],"apiError":32768001}""" },
            2 => new(FaultKind.Refuse, (_, _) => Counted(null)) { Status = 404, ContentType = "application/json", Body = """{"code":404,"message":"Public URI path not registered: /mgmt","errorStack":[]}""" },
            3 => new(FaultKind.DropBefore, (_, _) => Counted(null)),
            4 or 5 => new(FaultKind.DropAfter, (_, _) => Counted(null)),
            6 => new(FaultKind.Late, (_, _) => Counted(bed.Appliance.ExpireTokens)) { Delay = TimeSpan.Zero },
            7 => new(FaultKind.DropBefore, (_, _) => Counted(bed.Appliance.Restart)),
            _ => new(FaultKind.Hang, (_, _) => Counted(() => time.Advance(TimeSpan.FromSeconds(31)))),
        });
    }

    private static ServiceDefinition Define(int number, Random random) => new()
    {
        Name = $"s{number}",
        Provider = "provider.test",
        Tls = random.Next(3) == 0,
        PublicIp = new IPAddress([10, 8, 0, (byte)(1 + number + (20 * random.Next(2)))]),
        DnsNames = [$"s{number}.example.org", $"v{random.Next(2)}.s{number}.example.org"],
        Targets = [.. Enumerable.Range(0, random.Next(4)).Select(_ => new Target($"10.0.0.{1 + random.Next(5)}", 8000 + random.Next(2), random.Next(4)))],
    };

    private static async Task<List<string>> WantedAsync(IReadOnlyDictionary<string, ServiceDefinition?> wishes, bool policies)
    {
        await using var bed = await new BigIpBed().StartAsync();
        var engine = new Asker(bed, await bed.ProvisionerAsync(bed.Options(policies)));
        foreach (var (name, wish) in wishes)
            engine.Wish(name, wish);
        Assert.Null(await engine.AskAsync(rounds: 1));
        return Comparable(bed);
    }

    /// <summary>Everything; the order of our rules among themselves says nothing.</summary>
    private static List<string> Comparable(BigIpBed bed) => [.. bed.Appliance.Lines.Select(line => OurOrdinal().Replace(line, "$1"))];

    [GeneratedRegex("""("name":"il_[^"]+"),"ordinal":\d+""")]
    private static partial Regex OurOrdinal();

    /// <summary>Asks as the engine does: one call at a time for a service, again after a failure, with all that was attempted.</summary>
    private sealed class Asker(BigIpBed bed, BigIpProvisioner first)
    {
        private readonly ConcurrentDictionary<string, ServiceDefinition?> wishes = new(StringComparer.Ordinal);
        private readonly ConcurrentDictionary<string, ServiceDefinition> acknowledged = new(StringComparer.Ordinal);
        private readonly ConcurrentDictionary<string, List<ServiceDefinition>> attempts = new(StringComparer.Ordinal);
        private BigIpProvisioner provisioner = first;

        internal IReadOnlyDictionary<string, ServiceDefinition?> Wishes => wishes;

        internal void Wish(string name, ServiceDefinition? wish) => wishes[name] = wish;

        internal async Task RestartAsync(BigIpOptions options)
        {
            await bed.StopAsync(provisioner);
            for (var i = 0; ; i++)
            {
                try
                {
                    provisioner = await bed.ProvisionerAsync(options);
                    return;
                }
                catch (ExtensionException) when (i < 10)
                {
                    // Started again, as the host does.
                }
            }
        }

        /// <returns>The last failure; null when all is acknowledged.</returns>
        internal async Task<string?> AskAsync(int rounds)
        {
            string? failure = null;
            for (var i = 0; i < rounds; i++)
            {
                var failures = await Task.WhenAll(wishes.Keys.Select(TryAsync));
                failure = failures.FirstOrDefault(each => each is not null);
                if (failure is null)
                    return null;
            }
            return failure;
        }

        internal async Task AskAgainAsync()
        {
            foreach (var (name, definition) in acknowledged)
                await provisioner.DeployAsync(BigIpBed.Key(name), definition, [definition], BigIpBed.Stopping);
        }

        /// <summary>A commit also when no service is left.</summary>
        internal Task AskNothingAsync() => provisioner.UndeployAsync(BigIpBed.Key("nobody"), [Define(9, new Random(1)) with { Targets = [] }], BigIpBed.Stopping);

        internal async Task<string> ObserveAsync()
        {
            var observed = await provisioner.ObserveAsync(acknowledged.ToDictionary(each => BigIpBed.Key(each.Key), each => each.Value), BigIpBed.Stopping);
            return string.Join('\n', observed.Drifts.Select(drift => drift.ToString()).Concat(observed.Orphans.Select(orphan => orphan.ToString())));
        }

        private async Task<string?> TryAsync(string name)
        {
            var wish = wishes[name];
            var tried = attempts.GetOrAdd(name, _ => []);
            if (tried.Count == 0 && acknowledged.GetValueOrDefault(name) == wish)
                return null;
            EquatableArray<ServiceDefinition> earlier = [.. acknowledged.Where(each => each.Key == name).Select(each => each.Value), .. tried];
            try
            {
                if (wish is not null)
                {
                    tried.Add(wish);
                    acknowledged[name] = await provisioner.DeployAsync(BigIpBed.Key(name), wish, earlier, BigIpBed.Stopping);
                }
                else
                {
                    await provisioner.UndeployAsync(BigIpBed.Key(name), earlier, BigIpBed.Stopping);
                    acknowledged.TryRemove(name, out _);
                }
                tried.Clear();
                return null;
            }
            catch (ExtensionException failure)
            {
                return $"{name}: {failure.Reason} {failure.Message}";
            }
        }
    }
}
