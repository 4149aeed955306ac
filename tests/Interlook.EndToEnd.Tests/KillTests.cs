using System.Globalization;
using System.Security.Cryptography;
using Xunit;

namespace Interlook.EndToEnd.Tests;

/// <summary>Interlook is killed again and again while services come and go.</summary>
public sealed class KillTests(Servers servers) : SiteTests(servers)
{
    private const int Kills = 50;
    private const int Services = 6;
    private const int TeamMembers = 3;

    // Milliseconds: about what a start takes, and what the three changes of a round take to be deployed.
    private const int LongestWait = 1000;

    [Fact]
    public async Task After_fifty_kills_at_random_moments_all_agree_and_no_address_was_ever_leased_twice()
    {
        var seed = Environment.GetEnvironmentVariable("INTERLOOK_SEED") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : RandomNumberGenerator.GetInt32(int.MaxValue);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}; repeat with INTERLOOK_SEED={seed}");
        try
        {
            await KillAsync(new Random(seed));
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"with INTERLOOK_SEED={seed}: {failure.Message}", failure);
        }
    }

    private async Task KillAsync(Random random)
    {
        Site.Resync = "2s";
        var pool = await CreatePoolAsync();
        for (var kill = 0; kill < Kills; kill++)
        {
            // One dies on its way up, the next at its work.
            var interlook = await Site.LaunchAsync();
            if (kill % 2 == 1)
                await interlook.ReadyAsync();
            var coming = ChurnAsync(pool, random);
            // The moment decides nothing: whatever it is, everything must agree in the end.
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(LongestWait)), TimeProvider.System, TestContext.Current.CancellationToken);
            await interlook.KillAsync();
            await coming;
            await Agreement.NoAddressTwiceAsync(Site);
        }

        var last = await Site.StartInterlookAsync();
        await Agreement.ReachedAsync(Site, last);
        await AnswersTruthfullyAsync(pool);
        await Site.WaitAsync(() => "nothing is orphaned", async () => await OrphansAsync(last) is []);
        await Agreement.ReachedAsync(Site, last);
        Assert.Equal(0, await last.StopAsync());

        foreach (var container in pool)
            container.Runs = false;
        await Docker.DockerAsync(["rm", "-f", .. pool.Select(container => container.Name)]);
        await Agreement.ReachedAsync(Site, await Site.StartInterlookAsync());
        Assert.Empty(await Site.LeasesAsync());
    }

    private async Task<List<PooledContainer>> CreatePoolAsync()
    {
        List<PooledContainer> pool =
        [
            .. Enumerable.Range(1, Services).Select(n => new PooledContainer($"solo-{n}", $"solo-{n}.example.org")),
            .. Enumerable.Range(1, TeamMembers).Select(n => new PooledContainer($"team-{n}", "team.example.org")),
        ];
        foreach (var container in pool)
            await CreateAsync(container);
        return pool;
    }

    private Task CreateAsync(PooledContainer container) =>
        Site.CreateAsync(container.Name, container.Host, container.Name.StartsWith("team", StringComparison.Ordinal) ? ["interlook.service=team"] : []);

    /// <summary>Starts, kills or replaces a few containers.</summary>
    private async Task ChurnAsync(List<PooledContainer> pool, Random random)
    {
        var chosen = random.GetItems(pool.ToArray(), 3).Distinct().ToList();
        if (random.Next(8) == 0 && chosen[0] is { } renamed && renamed.Name.StartsWith("solo", StringComparison.Ordinal))
        {
            renamed.Host = string.Create(CultureInfo.InvariantCulture, $"{renamed.Name}-{random.Next(100)}.example.org");
            renamed.Runs = false;
            await Docker.DockerAsync("rm", "-f", renamed.Name);
            await CreateAsync(renamed);
        }
        var (ending, beginning) = (chosen.Where(container => container.Runs).ToList(), chosen.Where(container => !container.Runs).ToList());
        foreach (var container in chosen)
            container.Runs = !container.Runs;
        if (ending.Count > 0)
            await Docker.DockerAsync(["kill", .. ending.Select(container => container.Name)]);
        if (beginning.Count > 0)
            await Docker.DockerAsync(["start", .. beginning.Select(container => container.Name)]);
    }

    private async Task AnswersTruthfullyAsync(List<PooledContainer> pool)
    {
        foreach (var service in pool.GroupBy(container => container.Host))
        {
            string[] running = [.. service.Where(container => container.Runs).Select(container => container.Name)];
            if (running.Length > 0)
                await Site.AnswersAsync(service.Key, Site.HttpPort, running);
            else
                await Site.WaitAsync(() => $"{service.Key} does not resolve", async () => await Site.ResolveAsync(service.Key) is []);
        }
    }

    private static async Task<List<string>> OrphansAsync(InterlookDaemon interlook) =>
    [
        .. (await interlook.GetAsync("/extensions")).Body.AsArray()
            .SelectMany(extension => extension!["orphans"]!.AsArray().Select(orphan => $"{extension["name"]}: {orphan}")),
    ];

    /// <summary>A container of the pool, and whether it ought to run.</summary>
    private sealed class PooledContainer(string name, string host)
    {
        public string Name => name;

        public string Host { get; set; } = host;

        public bool Runs { get; set; }
    }
}
