using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Interlook.EndToEnd.Tests;

/// <summary>What an operator asks a running Interlook, by command and by HTTP.</summary>
public sealed partial class CommandTests(Servers servers) : SiteTests(servers)
{
    private const string Shop = "shop.example.org";

    [Fact]
    public async Task The_commands_show_what_runs()
    {
        var interlook = await Site.StartInterlookAsync();
        await Site.RunAsync("shop", Shop);
        var address = await Site.AnswersAsync(Shop, Site.HttpPort, "shop");
        await Site.EntryAsync(interlook, "shop", "is deployed", entry => entry is { IsAtRest: true });

        var table = await SucceedsAsync(interlook, "services");
        Assert.Contains("shop", table, StringComparison.Ordinal);
        Assert.Contains(address, table, StringComparison.Ordinal);
        Assert.Contains("deployed", table, StringComparison.Ordinal);
        var json = JsonNode.Parse(await SucceedsAsync(interlook, "services", "-o", "json"))!;
        Assert.Equal(address, (string?)json["shop"]!["service"]!["public_ip"]);
        var one = JsonNode.Parse(await SucceedsAsync(interlook, "services", "shop", "-o", "json"))!;
        Assert.Equal("deployed", (string?)one["state"]);
        Assert.Contains(Shop, await SucceedsAsync(interlook, "services", "shop"), StringComparison.Ordinal);
        Assert.Contains("lb.haproxy", await SucceedsAsync(interlook, "workflow"), StringComparison.Ordinal);
        var extensions = await SucceedsAsync(interlook, "extensions");
        foreach (var step in Site.MainJob.Split(','))
            Assert.Contains(step, extensions, StringComparison.Ordinal);
        Assert.Matches(@"^interlook \d+\.\d+\.\d+", await SucceedsAsync(interlook, "version"));
        Assert.Contains("is good", await SucceedsAsync(interlook, "check", "--conf", Site.Configuration), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_commands_end_with_1_when_they_fail_and_with_2_when_they_are_misused()
    {
        var interlook = await Site.StartInterlookAsync();

        var absent = await interlook.RunAsync("services", "absent");
        var misused = await interlook.RunAsync("services", "--nonsense");
        var nowhere = await interlook.RunAsync("services", "--url", "http://127.0.0.1:1");

        Assert.Equal((1, 2, 1), (absent.ExitCode, misused.ExitCode, nowhere.ExitCode));
        Assert.Contains("absent", absent.Error, StringComparison.Ordinal);
        Assert.Contains("--nonsense", misused.Error, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:1", nowhere.Error, StringComparison.Ordinal);
        Assert.Empty(absent.Output + nowhere.Output);
    }

    [Fact]
    public async Task Health_readiness_and_metrics_tell_of_every_part()
    {
        var interlook = await Site.StartInterlookAsync();
        await Site.RunAsync("shop", Shop);
        await Site.AnswersAsync(Shop, Site.HttpPort, "shop");
        await Site.EntryAsync(interlook, "shop", "is deployed", entry => entry is { IsAtRest: true });

        var health = await interlook.GetAsync("/health");
        var ready = await interlook.GetAsync("/ready");
        var metrics = (await interlook.ReadAsync("/metrics")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (health.Status, ready.Status));
        Assert.Equal(Site.MainJob.Split(',').Order(), health.Body["extensions"]!.AsArray().Select(one => (string)one!["name"]!).Order());
        Assert.All(metrics, line => Assert.Matches(MetricLine(), line));
        Assert.Equal(1, Value(metrics, "interlook_entries{expected=\"deployed\",state=\"deployed\",workflow=\"default\"}"));
        Assert.Equal(1, Value(metrics, "interlook_pool_addresses{extension=\"ipam.ipalloc\",state=\"used\"}"));
        Assert.Equal(254, Value(metrics, "interlook_pool_addresses{extension=\"ipam.ipalloc\",state=\"size\"}"));
        foreach (var step in Site.MainJob.Split(',')[1..])
            Assert.True(Value(metrics, $"interlook_step_duration_seconds_count{{action=\"deploy\",step=\"{step}\"}}") >= 1, step);
    }

    private static async Task<string> SucceedsAsync(InterlookDaemon interlook, params string[] arguments)
    {
        var outcome = await interlook.RunAsync(arguments);
        Assert.True(outcome.ExitCode == 0, $"{string.Join(' ', arguments)} ended with {outcome.ExitCode}: {outcome.Error}");
        Assert.Empty(outcome.Error);
        return outcome.Output;
    }

    private static double Value(string[] metrics, string series) =>
        double.Parse(Assert.Single(metrics, line => line.StartsWith(series + " ", StringComparison.Ordinal)).Split(' ')[^1], CultureInfo.InvariantCulture);

    // The text format 0.0.4 of Prometheus: a comment with HELP or TYPE, or a name, labels, and a number.
    [GeneratedRegex("""^(# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .+|[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*",?)*\})? ([-+]?[0-9.]+([eE][-+]?[0-9]+)?|NaN|[-+]Inf))$""")]
    private static partial Regex MetricLine();
}
