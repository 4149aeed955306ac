using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.EndToEnd.Tests.BadInput;

/// <summary>
/// Starts with damaged state or a world in which it cannot work. A line <c>! verb file …</c> of a case damages a file, <c>old -&gt; new</c>
/// changes the configuration.
/// </summary>
public sealed partial class StartTests
{
    private static readonly string[] Stores = ["flowentries.db", "leases.db"];
    private static readonly string[] Services = ["shop", "blog", "mail"];

    [Fact]
    public async Task A_start_that_cannot_work_says_why_and_loses_nothing()
    {
        using var before = new Site();
        await RunAndKillAsync(before);
        var said = new ConcurrentDictionary<string, string>();

        await Parallel.ForEachAsync(CaseFile.Read("start"), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (given, _) =>
        {
            using var site = new Site();
            Copy(before.Path, site.Path);
            said[given.Name] = await StartAsync(site, given);
        });

        CaseFile.Verify("start", said);
        Assert.DoesNotContain(said.Values, message => message.Contains("hunter2", StringComparison.Ordinal));
    }

    private static async Task RunAndKillAsync(Site site)
    {
        await using var interlook = Executable.Start(site.Path, Site.Configuration);
        foreach (var (name, number) in Services.Select((name, number) => (name, number)))
        {
            site.Publish(name); // one after the other, so that each gets the same address in every run
            await interlook.DeployedAsync(number + 1);
        }
        await interlook.KillAsync();
        File.Delete(interlook.Log);
    }

    private static async Task<string> StartAsync(Site site, BadCase given)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        var configuration = Site.Configuration;
        foreach (var line in given.Text().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line == "! listen")
                configuration = configuration.Replace("{port}", Listen(listener), StringComparison.Ordinal);
            else if (line.StartsWith("! ", StringComparison.Ordinal))
                Damage(site, line[2..].Split(' ', 3));
            else if (line.Split(" -> ") is [var old, var now])
                configuration = configuration.Replace(old, now.Replace("\\n", "\n", StringComparison.Ordinal), StringComparison.Ordinal).Replace("log, ", "log\n  ", StringComparison.Ordinal);
        }
        configuration = Consistent(configuration);
        var damaged = Stores.Where(store => given.Given.Split('\n').Any(line => line.StartsWith("! ", StringComparison.Ordinal) && line.Contains($" {store}", StringComparison.Ordinal))).ToList();
        var kept = damaged.ToDictionary(store => store, store => Content(site, store));
        await using var interlook = Executable.Start(site.Path, configuration);

        if (await interlook.RefusalAsync() is { } refusal)
        {
            Assert.All(damaged, store => Assert.Equal(kept[store], Content(site, store)));
            Assert.All(Stores.Except(damaged), store => Assert.All(Services, service => Assert.Contains(service, string.Concat(Content(site, store)), StringComparison.Ordinal)));
            return Steady(site, refusal, listener);
        }
        // A resync goes on for a moment after the start; what it ends in is what counts.
        string Outcome(IReadOnlyList<string> addresses) => string.Join(
            '\n', [.. interlook.Warnings().Select(line => Steady(site, line, listener)).Distinct().Order(StringComparer.Ordinal), $"runs: {string.Join(", ", addresses)}"]);
        var steady = 0;
        var outcome = "";
        await Eventually.TrueAsync("all services are deployed for good", async () =>
        {
            var now = Outcome(await interlook.AddressesAsync());
            steady = now == outcome ? steady + 1 : 0;
            outcome = now;
            return outcome == given.Says || (steady > 100 && (await interlook.AddressesAsync()).Count == Services.Length);
        });
        return outcome;
    }

    // A workflow names what the case has put into the configuration.
    private static string Consistent(string configuration)
    {
        if (configuration.Contains("docker: {", StringComparison.Ordinal))
            configuration = configuration.Replace("provider.file", "provider.docker", StringComparison.Ordinal);
        return configuration.Contains("dns: {", StringComparison.Ordinal)
            ? configuration.Replace("ipam.ipalloc\n", "ipam.ipalloc,dns.consul\n", StringComparison.Ordinal)
            : configuration;
    }

    private static void Damage(Site site, string[] order)
    {
        var journal = order[1].EndsWith(".journal", StringComparison.Ordinal);
        var file = journal ? Directory.GetFiles(site.Path, order[1] + ".*").Single() : site.File(order[1]);
        var bytes = File.Exists(file) ? File.ReadAllBytes(file) : [];
        int Number() => int.Parse(order[2], CultureInfo.InvariantCulture);
        switch (order[0])
        {
            case "write":
                foreach (var old in Stores.Contains(order[1]) ? Directory.GetFiles(site.Path, order[1] + "*") : [])
                    File.Delete(old);
                File.WriteAllText(file, order[2]);
                break;
            case "folder":
                File.Delete(file);
                Directory.CreateDirectory(file);
                break;
            case "keep":
                File.WriteAllBytes(file, bytes[..Number()]);
                break;
            case "cut":
                File.WriteAllBytes(file, bytes[..^Number()]);
                break;
            case "flip":
                bytes[Number() < 0 ? bytes.Length + Number() : Number()] ^= 1;
                File.WriteAllBytes(file, bytes);
                break;
            case "drop":
                var lines = File.ReadAllLines(file).ToList();
                lines.RemoveAt(Number() - 1);
                File.WriteAllText(file, string.Concat(lines.Select(line => line + "\n")));
                break;
            case "replace":
                var half = order[2].Length / 2;
                File.WriteAllText(file, File.ReadAllText(file).Replace(order[2][..half], order[2][(half + 1)..], StringComparison.Ordinal));
                break;
            default:
                throw new InvalidOperationException(string.Join(' ', order));
        }
    }

    private static string Listen(TcpListener listener)
    {
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    private static string Steady(Site site, string message, TcpListener listener)
    {
        message = Pause().Replace(site.Plain(message), "next in a moment");
        if (listener.Server.IsBound)
            message = message.Replace($":{((IPEndPoint)listener.LocalEndpoint).Port}", ":8080", StringComparison.Ordinal);
        return ListenPort().Replace(message, "192.0.2.1:8080");
    }

    /// <summary>The files of a store, byte for byte; its lock, which anybody may make, left out.</summary>
    private static IReadOnlyList<string> Content(Site site, string store) =>
        [.. Directory.GetFiles(site.Path, store + "*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetFileName(file)}:{System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file))}")];

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }

    [GeneratedRegex(@"next in [0-9.]+ m?s")]
    private static partial Regex Pause();

    [GeneratedRegex(@"192\.0\.2\.1:\d+")]
    private static partial Regex ListenPort();
}
