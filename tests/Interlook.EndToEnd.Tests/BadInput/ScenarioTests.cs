using System.Net;
using System.Text.Json.Nodes;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.EndToEnd.Tests.BadInput;

/// <summary>What goes wrong while Interlook runs; each row of the table is one test here or in the tests of its server.</summary>
public sealed class ScenarioTests
{
    [Fact]
    public async Task A_full_disk_stops_acknowledging_and_loses_nothing()
    {
        using var site = new Site();
        using var disk = new SmallDisk(site.File("state"));
        site.Publish("shop");
        var configuration = Site.Configuration
            .Replace("flowentries.db", "state/flowentries.db", StringComparison.Ordinal).Replace("leases.db", "state/leases.db", StringComparison.Ordinal);
        await using var interlook = Executable.Start(site.Path, configuration);
        await interlook.DeployedAsync(1);

        disk.Fill();
        site.Publish("blog", string.Join(", ", Enumerable.Range(1, 500).Select(number => $"blog{number}.example.org"))); // more than what is left of the last page
        await Eventually.TrueAsync("the log says that the disk is full", () => interlook.Warnings().Any(line => line.StartsWith("state/", StringComparison.Ordinal)));
        var during = await interlook.AddressesAsync();
        var warning = interlook.Warnings().First(line => line.StartsWith("state/", StringComparison.Ordinal));
        disk.Empty();
        await interlook.DeployedAsync(2);
        await interlook.KillAsync();
        await using var next = Executable.Start(site.Path, configuration);
        await next.DeployedAsync(2);

        Assert.Equal(["shop 192.168.99.1"], during);
        Assert.Equal(["blog 192.168.99.2", "shop 192.168.99.1"], await next.AddressesAsync());
        Verify("the disk is full", site.Plain(warning));
    }

    [Fact]
    public async Task A_second_process_on_the_same_state_is_refused_and_the_first_goes_on()
    {
        using var site = new Site();
        site.Publish("shop");
        await using var first = Executable.Start(site.Path, Site.Configuration);
        await first.DeployedAsync(1);

        await using var second = Executable.Start(site.Path, Site.Configuration);
        var refusal = await second.RefusalAsync();

        Verify("two processes on one state file", site.Plain(refusal!));
        Assert.Equal(["shop 192.168.99.1"], await first.AddressesAsync());
    }

    [Fact]
    public async Task Calls_that_are_not_allowed_or_name_nothing_are_answered_with_the_next_step()
    {
        using var site = new Site();
        site.Publish("shop");
        await using var interlook = Executable.Start(site.Path, Site.Configuration.Replace("logFile: log", "logFile: log\n  listenAddress: 0.0.0.0", StringComparison.Ordinal));
        await interlook.DeployedAsync(1);

        var refused = await interlook.PostAsync("/services/shop/retry");
        var absent = (await interlook.TryGetAsync("/services/nothing%20here"))!.Value;

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Equal(HttpStatusCode.NotFound, absent.Status);
        Verify("a changing call without a token, where the API listens on all addresses", (string)JsonNode.Parse(refused.Body)!["detail"]!);
        Verify("a call for a service that there is not", (string)absent.Body["detail"]!);
    }

    [Fact]
    public async Task Entries_from_the_future_are_worked_on_as_any_others()
    {
        using var site = new Site();
        site.Publish("shop");
        await using (var first = Executable.Start(site.Path, Site.Configuration))
        {
            await first.DeployedAsync(1);
            await first.StopAsync(); // in good order, so that all is in the document
        }
        await MoveToFutureAsync(site);

        await using var interlook = Executable.Start(site.Path, Site.Configuration.Replace("logFile: log", "logFile: log\n  serviceMaxLastUpdated: 1s\n  workflowHousekeeperInterval: 1s", StringComparison.Ordinal));
        await interlook.DeployedAsync(1);
        site.Publish("shop", "www.example.org");
        await Eventually.TrueAsync("the change is taken", async () =>
            (await interlook.EntriesAsync())["shop"]["service"]!["dns_name"]!.ToJsonString().Contains("www", StringComparison.Ordinal));
        await interlook.DeployedAsync(1);

        Verify("entries from the future: the clock went back", string.Join('\n', [.. interlook.Warnings(), $"runs: {string.Join(", ", await interlook.AddressesAsync())}"]));
    }

    [Fact]
    public async Task Addresses_that_cannot_be_had_are_errors_of_their_own_services()
    {
        using var site = new Site();
        site.Publish("a-first");
        await using var interlook = Executable.Start(site.Path, Site.Configuration.Replace("192.168.99.0/24", "192.168.99.0/30", StringComparison.Ordinal));
        await interlook.DeployedAsync(1);
        site.Publish("b-second");
        await interlook.DeployedAsync(2);
        site.Publish("c-third");
        Ask(site, "d-taken", "192.168.99.1");
        Ask(site, "e-outside", "10.0.0.1");

        await Eventually.TrueAsync("each has its error", async () => (await interlook.EntriesAsync()).Values.Count(entry => (string?)entry["error"] is { Length: > 0 }) == 3);
        var entries = await interlook.EntriesAsync();
        File.Delete(site.File("services/b-second.yml"));
        await Eventually.TrueAsync("the freed address is taken", async () => (await interlook.AddressesAsync()).Contains("c-third 192.168.99.2"));

        Verify("a range that is used up", (string)entries["c-third"]["error"]!);
        Verify("an address that another service has", (string)entries["d-taken"]["error"]!);
        Verify("an address outside of the range", (string)entries["e-outside"]["error"]!);
        Assert.Contains("a-first 192.168.99.1", await interlook.AddressesAsync());
    }

    [Fact]
    public async Task A_folder_of_services_that_disappears_withdraws_nothing()
    {
        using var site = new Site();
        site.Publish("shop");
        await using var interlook = Executable.Start(site.Path, Site.Configuration);
        await interlook.DeployedAsync(1);

        Directory.Move(site.File("services"), site.File("elsewhere"));
        await Eventually.TrueAsync("health says it", async () => (await interlook.TryGetAsync("/health"))!.Value.Status == HttpStatusCode.ServiceUnavailable);
        var health = (await interlook.TryGetAsync("/health"))!.Value.Body["extensions"]!.AsArray().Single(extension => (string)extension!["name"]! == "provider.file")!;

        Verify("a folder of services that disappears", (string)health["message"]!);
        Assert.Equal(["shop 192.168.99.1"], await interlook.AddressesAsync());
    }

    private static void Verify(string name, string said) => CaseFile.Verify("scenarios", new Dictionary<string, string> { [name] = said });

    private static void Ask(Site site, string name, string address) =>
        File.WriteAllText(site.File($"services/{name}.yml"), $"name: {name}\nip: {address}\ntargets: [{{ host: 10.0.0.7, port: 80 }}]\n");

    // The document may be edited by hand when its checksum is removed.
    private static async Task MoveToFutureAsync(Site site)
    {
        var file = site.File("flowentries.db");
        var document = JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject();
        document.Remove("checksum");
        foreach (var (_, stored) in document["entries"]!.AsObject())
        {
            foreach (var time in (string[])["time_detected", "last_update", "close_time"])
            {
                if (stored!["record"]![time] is not null)
                    stored["record"]![time] = "2199-01-01T00:00:00Z";
            }
        }
        await File.WriteAllTextAsync(file, document.ToJsonString());
    }
}
