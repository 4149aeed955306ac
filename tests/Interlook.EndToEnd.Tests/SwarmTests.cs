using Interlook.Fixtures;
using Xunit;

namespace Interlook.EndToEnd.Tests;

/// <summary>The same job for the services of a swarm.</summary>
public sealed class SwarmTests(Servers servers) : SiteTests(servers)
{
    private const string Shop = "shop.example.org";

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Docker.InitializeSwarmAsync();
        Site.Workflow = "provider.swarm,ipam.ipalloc,dns.consul,lb.haproxy";
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await Docker.LeaveSwarmAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_service_is_reached_while_it_scales_from_one_task_to_three_and_back_and_taken_back_when_it_is_removed()
    {
        var interlook = await Site.StartInterlookAsync();

        await CreateAsync("shop", "mode=host,target=80");
        var address = await Site.AnswersAsync(Shop, Site.HttpPort, "task-1");
        await Docker.DockerAsync("service", "scale", "-d", "shop=3");
        await Site.AnswersAsync(Shop, Site.HttpPort, "task-1", "task-2", "task-3");
        await Docker.DockerAsync("service", "scale", "-d", "shop=1");
        await Site.EntryAsync(interlook, "shop", "has one target", entry => entry is { IsAtRest: true, Targets.Count: 1 });
        Assert.Single((await Curl.GetAsync(Shop, address, Site.HttpPort, 6)).Distinct());
        await Docker.DockerAsync("service", "rm", "shop");

        await Site.IsGoneAsync(Shop, address, Site.HttpPort);
    }

    [Fact]
    public async Task A_service_that_is_updated_is_published_as_it_now_is()
    {
        var interlook = await Site.StartInterlookAsync();
        await CreateAsync("shop", "mode=host,target=80");
        var address = await Site.AnswersAsync(Shop, Site.HttpPort, "task-1");

        await UpdateAsync("--label-add", "interlook.hosts=store.example.org");
        Assert.Equal(address, await Site.AnswersAsync("store.example.org", Site.HttpPort, "task-1"));
        await Site.WaitAsync(() => "the old name is gone", async () => await Site.ResolveAsync(Shop) is []);

        await UpdateAsync("--label-add", "interlook.ssl=true");
        Assert.Equal(address, await Site.AnswersAsync("store.example.org", Site.HttpsPort, "task-1"));
        await Site.WaitAsync(() => "the port without TLS is closed", () => Curl.IsRefusedAsync(address, Site.HttpPort));

        await UpdateAsync(
            "--label-add", "interlook.port=8081", "--publish-rm", "80", "--publish-add", "mode=host,target=8081", "--args", Command("8081"));
        Assert.Equal(address, await Site.AnswersAsync("store.example.org", Site.HttpsPort, "task-1"));
        await Site.EntryAsync(interlook, "shop", "is at rest", entry => entry is { IsAtRest: true, Tls: true, Targets.Count: 1 });
    }

    [Fact]
    public async Task An_ingress_service_has_the_mesh_port_as_target_with_its_tasks_as_weight()
    {
        var port = TestMachine.FreePort();
        var interlook = await Site.StartInterlookAsync();

        await CreateAsync("mesh", $"published={port},target=80");
        await Site.EntryAsync(interlook, "mesh", "has weight 1", entry => entry is { IsAtRest: true } && entry.Targets.SequenceEqual([$"127.0.0.1:{port}"]));
        await Docker.DockerAsync("service", "scale", "-d", "mesh=3");
        await Site.EntryAsync(interlook, "mesh", "has weight 3", entry => entry is { IsAtRest: true } && entry.Targets.SequenceEqual([$"127.0.0.1:{port}*3"]));
        await Docker.DockerAsync("service", "rm", "mesh");

        await Site.EntryAsync(interlook, "mesh", "is undeployed", entry => entry is null);
    }

    private static string Command(string port) => $"sh -c \"echo task-$SLOT > /tmp/index.html; exec httpd -f -p {port} -h /tmp\"";

    private Task<string> CreateAsync(string name, string publish) => Docker.DockerAsync(
        [
            "service", "create", "-d", "--no-resolve-image", "--name", name, "--publish", publish, "--stop-grace-period", "1s",
            "--label", $"interlook.hosts={name}.example.org", "--label", "interlook.port=80", "--env", "SLOT={{.Task.Slot}}",
            DockerEngine.Image, .. Site.WebServer("task-$SLOT", "80"),
        ]);

    private Task<string> UpdateAsync(params string[] changes) => Docker.DockerAsync(["service", "update", "-d", .. changes, "shop"]);
}
