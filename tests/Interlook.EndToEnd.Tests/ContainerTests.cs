using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Xunit;

namespace Interlook.EndToEnd.Tests;

/// <summary>The main job: containers come, change and go, and clients get the truth after each step.</summary>
public sealed class ContainerTests(Servers servers) : SiteTests(servers)
{
    private const string Shop = "shop.example.org";

    [Fact]
    public async Task A_container_that_runs_is_reached_by_its_name_and_taken_back_when_it_is_removed()
    {
        var interlook = await Site.StartInterlookAsync();
        await Site.CreateAsync("shop", Shop);
        var watch = Stopwatch.StartNew();
        await Docker.DockerAsync("start", "shop");
        var started = watch.ElapsedMilliseconds;

        var address = await Site.AnswersAsync(Shop, Site.HttpPort, "shop");

        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"docker start took {started} ms; dig and curl said the truth after {watch.ElapsedMilliseconds} ms"));
        await Site.EntryAsync(interlook, "shop", "is deployed at that address", entry => entry is { IsAtRest: true } && entry.Address == address);

        await Docker.DockerAsync("rm", "-f", "shop");

        await Site.IsGoneAsync(Shop, address, Site.HttpPort);
        await Site.EntryAsync(interlook, "shop", "is undeployed", entry => entry is null);
    }

    [Fact]
    public async Task A_service_of_one_then_three_then_one_container_is_shared_out_over_those_that_run()
    {
        string[] label = ["interlook.service=shop"];
        var interlook = await Site.StartInterlookAsync();

        await Site.RunAsync("shop-1", Shop, label);
        var first = await Site.AnswersAsync(Shop, Site.HttpPort, "shop-1");
        await Site.RunAsync("shop-2", Shop, label);
        await Site.RunAsync("shop-3", Shop, label);
        var second = await Site.AnswersAsync(Shop, Site.HttpPort, "shop-1", "shop-2", "shop-3");
        await Docker.DockerAsync("rm", "-f", "shop-1", "shop-2");
        var third = await Site.AnswersAsync(Shop, Site.HttpPort, "shop-3");

        Assert.Equal([first, first], [second, third]);
        await Site.EntryAsync(interlook, "shop", "has one target", entry => entry is { IsAtRest: true, Targets.Count: 1 });
    }

    [Fact]
    public async Task A_container_made_anew_with_another_name_port_or_tls_is_published_as_it_now_is()
    {
        var interlook = await Site.StartInterlookAsync();
        await Site.RunAsync("shop", Shop);
        var address = await Site.AnswersAsync(Shop, Site.HttpPort, "shop");

        await Docker.DockerAsync("rm", "-f", "shop");
        await Site.RunAsync("shop", "store.example.org");
        var renamed = await Site.AnswersAsync("store.example.org", Site.HttpPort, "shop");
        await Site.WaitAsync(() => "the old name is gone", async () => await Site.ResolveAsync(Shop) is []);

        await Docker.DockerAsync("rm", "-f", "shop");
        await Site.RunAsync("shop", "store.example.org", port: 8081);
        await Site.AnswersAsync("store.example.org", Site.HttpPort, "shop");

        await Docker.DockerAsync("rm", "-f", "shop");
        await Site.RunAsync("shop", "store.example.org", ["interlook.ssl=true"], port: 8081);
        var secured = await Site.AnswersAsync("store.example.org", Site.HttpsPort, "shop");
        await Site.WaitAsync(() => "the port without TLS is closed", () => Curl.IsRefusedAsync(secured, Site.HttpPort));

        Assert.StartsWith(Site.Prefix, address, StringComparison.Ordinal);
        Assert.StartsWith(Site.Prefix, renamed, StringComparison.Ordinal);
        await Site.EntryAsync(interlook, "shop", "speaks TLS", entry => entry is { IsAtRest: true, Tls: true });
    }

    [Fact]
    public async Task A_container_with_a_health_check_gets_traffic_only_while_it_is_healthy()
    {
        var interlook = await Site.StartInterlookAsync();
        await Site.RunAsync("shop", Shop, options: ["--health-cmd", "test -e /tmp/good", "--health-interval", "1s", "--health-retries", "1"]);
        await Site.EntryAsync(interlook, "shop", "is there without a target", entry => entry is { IsAtRest: true, Targets.Count: 0 });
        Assert.Empty(await Site.ResolveAsync(Shop));

        await Docker.DockerAsync("exec", "shop", "touch", "/tmp/good");
        var address = await Site.AnswersAsync(Shop, Site.HttpPort, "shop");

        await Docker.DockerAsync("exec", "shop", "rm", "/tmp/good");
        await Site.EntryAsync(interlook, "shop", "has no target again", entry => entry is { IsAtRest: true, Targets.Count: 0 });
        await Assert.ThrowsAsync<InvalidOperationException>(() => Curl.GetAsync(Shop, address, Site.HttpPort, 1));
    }

    [Fact]
    public async Task A_paused_container_gets_no_traffic_until_it_goes_on()
    {
        string[] label = ["interlook.service=shop"];
        await Site.StartInterlookAsync();
        await Site.RunAsync("shop-1", Shop, label);
        await Site.RunAsync("shop-2", Shop, label);
        await Site.AnswersAsync(Shop, Site.HttpPort, "shop-1", "shop-2");

        await Docker.DockerAsync("pause", "shop-1");
        await Site.AnswersAsync(Shop, Site.HttpPort, "shop-2");

        await Docker.DockerAsync("unpause", "shop-1");
        await Site.AnswersAsync(Shop, Site.HttpPort, "shop-1", "shop-2");
    }

    [Fact]
    public async Task A_killed_container_is_taken_back_and_published_again_when_it_is_started()
    {
        await Site.StartInterlookAsync();
        await Site.RunAsync("shop", Shop);
        var address = await Site.AnswersAsync(Shop, Site.HttpPort, "shop");

        await Docker.DockerAsync("kill", "shop");
        await Site.IsGoneAsync(Shop, address, Site.HttpPort);

        await Docker.DockerAsync("start", "shop");
        Assert.Equal(address, await Site.AnswersAsync(Shop, Site.HttpPort, "shop"));
    }

    [Fact]
    public async Task Containers_that_cannot_be_published_are_named_with_the_reason_and_the_others_go_on()
    {
        var interlook = await Site.StartInterlookAsync();
        await Docker.RunContainerAsync("closed", [("interlook.hosts", "closed.example.org"), ("interlook.port", "80")]);
        await Docker.RunContainerAsync("wrong", [("interlook.hosts", "not a name"), ("interlook.port", "80")], ["-p", "80"]);
        await Site.RunAsync("shop", Shop);
        await Site.AnswersAsync(Shop, Site.HttpPort, "shop");

        JsonArray rejections = [];
        await Site.WaitAsync(() => "both are rejected", async () =>
        {
            rejections = (await interlook.GetAsync("/providers")).Body[0]!["rejections"]!.AsArray();
            return rejections.Count == 2;
        });

        var closed = rejections.Single(one => ((string)one!["subject"]!).Contains("closed", StringComparison.Ordinal))!;
        Assert.Contains("port 80", (string?)closed["problem"], StringComparison.Ordinal);
        var wrong = rejections.Single(one => ((string)one!["subject"]!).Contains("wrong", StringComparison.Ordinal))!;
        Assert.Contains("not a name", (string?)wrong["problem"], StringComparison.Ordinal);
        Assert.Equal(["shop"], (await interlook.EntriesAsync()).Keys);
    }

    [Fact]
    public async Task What_belongs_to_others_stays_as_it_is_byte_for_byte()
    {
        await Consul.RegisterAsync(new JsonObject
        {
            ["Node"] = "legacy",
            ["Address"] = "10.9.8.7",
            ["NodeMeta"] = new JsonObject { ["owner"] = "somebody" },
            ["Service"] = new JsonObject { ["ID"] = "old-1", ["Service"] = "old", ["Port"] = 8000, ["Tags"] = new JsonArray("a.b") },
            ["Check"] = new JsonObject { ["CheckID"] = "alive", ["Name"] = "alive", ["Status"] = "passing", ["ServiceID"] = "old-1" },
        });
        const string Section = "# interlook begin instance=other name=il_theirs_0 key=default%2Ftheirs\nlisten il_theirs_0\n    bind 127.99.0.2:1\n# interlook end\n";
        var interlook = await Site.StartInterlookAsync();
        await Site.RunAsync("first", "first.example.org");
        await Site.AnswersAsync("first.example.org", Site.HttpPort, "first");
        await Site.EditOwnConfigAsync(text => text + Section);
        var consul = await LegacyAsync();

        await Site.RunAsync("shop", Shop);
        await Site.RunAsync("old", "old.example.org");
        var address = await Site.AnswersAsync(Shop, Site.HttpPort, "shop");
        await Site.EntryAsync(interlook, "old", "has a conflict", entry => entry is { Reason: "Conflict", Step: "dns.consul" });
        await Docker.DockerAsync("rm", "-f", "shop", "old", "first");
        await Site.IsGoneAsync(Shop, address, Site.HttpPort);
        await Site.EntryAsync(interlook, "old", "is undeployed", entry => entry is null);

        Assert.Equal(consul, await LegacyAsync());
        Assert.Equal(["10.9.8.7"], await Consul.ResolveAsync("old.service.consul"));
        Assert.Contains(Section, await Site.ReadOwnConfigAsync(), StringComparison.Ordinal);
        Assert.Empty(await Curl.GetAsync("foreign", HAProxy.Foreign.Address, HAProxy.Foreign.Port, 1));
    }

    private async Task<string> LegacyAsync() =>
        (await Consul.GetAsync("/v1/catalog/node/legacy"))!.ToJsonString() + (await Consul.GetAsync("/v1/health/node/legacy"))!.ToJsonString();
}
