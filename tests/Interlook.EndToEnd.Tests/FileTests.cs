using Xunit;

namespace Interlook.EndToEnd.Tests;

/// <summary>Services from files, and several workflows that share their steps.</summary>
public sealed class FileTests(Servers servers) : SiteTests(servers)
{
    private const string Shop = "shop.example.org";
    private const string Steps = "ipam.ipalloc,dns.consul,lb.haproxy";

    [Fact]
    public async Task A_service_in_a_file_is_reached_follows_its_file_and_goes_with_it()
    {
        Site.Workflow = "provider.file," + Steps;
        var interlook = await Site.StartInterlookAsync();
        await using var one = await WebTarget.StartAsync("one");
        await using var two = await WebTarget.StartAsync("two");
        await using var secure = await WebTarget.StartAsync("secure", tls: true);

        await WriteAsync("shop", Shop, false, one.Port);
        var address = await Site.AnswersAsync(Shop, Site.HttpPort, "one");
        await WriteAsync("shop", Shop, false, one.Port, two.Port);
        Assert.Equal(address, await Site.AnswersAsync(Shop, Site.HttpPort, "one", "two"));
        await WriteAsync("shop", "store.example.org", true, secure.Port);
        await Site.WaitAsync(() => "the old name is gone", async () => await Site.ResolveAsync(Shop) is []);
        await Site.WaitAsync(
            () => "TLS is passed through to the target",
            async () => await Curl.GetAsync("store.example.org", address, Site.HttpsPort, 2, tls: true) is ["secure", "secure"]);
        await Site.EntryAsync(interlook, "shop", "is at rest", entry => entry is { IsAtRest: true, Tls: true });

        File.Delete(Path.Combine(Site.ServicesFolder, "shop.yml"));

        await Site.IsGoneAsync("store.example.org", address, Site.HttpsPort);
        await Site.WaitAsync(() => "the lease was given back", async () => (await Site.LeasesAsync()).Count == 0);
    }

    [Fact]
    public async Task A_broken_file_is_reported_and_its_service_stays_as_it_was()
    {
        Site.Workflow = "provider.file," + Steps;
        var interlook = await Site.StartInterlookAsync();
        await using var one = await WebTarget.StartAsync("one");
        await WriteAsync("shop", Shop, false, one.Port);
        await Site.AnswersAsync(Shop, Site.HttpPort, "one");

        await WriteAsync("shop", Shop, false, 70_000);

        var problem = "";
        await Site.WaitAsync(() => "the file is reported", async () =>
        {
            var rejections = (await interlook.GetAsync("/providers")).Body[0]!["rejections"]!.AsArray();
            problem = rejections.Count == 1 ? (string)rejections[0]!["problem"]! : "";
            return problem.Length > 0;
        });
        Assert.Contains("70000", problem, StringComparison.Ordinal);
        await Site.AnswersAsync(Shop, Site.HttpPort, "one");
    }

    [Fact]
    public async Task Two_workflows_publish_services_of_one_name_side_by_side_through_the_same_steps()
    {
        Site.Workflow = null;
        Site.MoreSections = $"""
            workflows:
              containers: provider.docker,{Steps}
              files: provider.file,{Steps}
            """;
        var interlook = await Site.StartInterlookAsync();
        await using var target = await WebTarget.StartAsync("from a file");
        await Site.RunAsync("shop", "inside.example.org");
        await WriteAsync("shop", "outside.example.org", false, target.Port);

        var inside = await Site.AnswersAsync("inside.example.org", Site.HttpPort, "shop");
        var outside = await Site.AnswersAsync("outside.example.org", Site.HttpPort, "from a file");

        Assert.NotEqual(inside, outside);
        await Site.EntryAsync(interlook, "containers/shop", "is at rest", entry => entry is { IsAtRest: true } && entry.Address == inside);
        await Site.EntryAsync(interlook, "files/shop", "is at rest", entry => entry is { IsAtRest: true } && entry.Address == outside);
        var leases = await Site.LeasesAsync();
        Assert.Equal((2, inside, outside), (leases.Count, leases["containers/shop"], leases["files/shop"]));
        var workflows = (await interlook.GetAsync("/workflow")).Body.AsArray().Select(workflow => (string)workflow!["name"]!);
        Assert.Equal(["containers", "files"], workflows.Order(StringComparer.Ordinal));

        await Docker.DockerAsync("rm", "-f", "shop");

        await Site.IsGoneAsync("inside.example.org", inside, Site.HttpPort);
        await Site.AnswersAsync("outside.example.org", Site.HttpPort, "from a file");
    }

    private Task WriteAsync(string name, string host, bool tls, params int[] ports)
    {
        var targets = string.Join("", ports.Select(port => $"  - host: 127.0.0.1\n    port: {port}\n"));
        return Site.WriteServiceAsync(name, $"name: {name}\nhosts: [{host}]\ntls: {(tls ? "true" : "false")}\ntargets:\n{targets}");
    }
}
