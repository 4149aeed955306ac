using System.Diagnostics;
using System.Text.Json.Nodes;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.EndToEnd.Tests;

/// <summary><c>interlook plan</c> at real servers: what it says, and that it changes nothing anywhere.</summary>
public sealed class PlanTests(Servers servers) : SiteTests(servers)
{
    private const int Nothing = 0;
    private const int Unread = 1;
    private const int Pending = 3;

    [Fact]
    public async Task A_plan_says_what_will_be_created_changed_and_removed_and_touches_nothing()
    {
        await using var etcd = new EtcdServer();
        await etcd.StartAsync();
        Site.Workflow = "provider.docker,ipam.ipalloc,dns.consul,dns.skydns,lb.haproxy";
        Site.MoreDns = $"skydns: {{ endpoints: [{etcd.Url}], leaseTtl: 1h }}";
        await Site.RunAsync("shop", "shop.example.org");
        var first = await Site.StartInterlookAsync();
        await Site.AnswersAsync("shop.example.org", Site.HttpPort, "shop");

        var (unchanged, nothing) = await PlanAsync();
        Assert.Equal((Nothing, 0), (unchanged, nothing["steps"]!.AsArray().Count));
        await first.StopAsync();
        await Site.RunAsync("late", "late.example.org");
        await Docker.DockerAsync("rm", "-f", "shop");
        var before = await EverythingAsync(etcd);
        var (pending, plan) = await PlanAsync();

        Assert.Equal(Pending, pending);
        Assert.Equal(
            [
                "late create ipam.ipalloc", "late create dns.consul", "late create dns.skydns", "late create lb.haproxy",
                "shop remove lb.haproxy", "shop remove dns.skydns", "shop remove dns.consul", "shop remove ipam.ipalloc",
            ],
            plan["steps"]!.AsArray().Select(step => $"{step!["service"]} {step["action"]} {step["step"]}"));
        Assert.Equal(before, await EverythingAsync(etcd));
    }

    [Fact]
    public async Task A_plan_shows_drift_with_its_step_and_what_differs()
    {
        await Site.RunAsync("shop", "shop.example.org");
        await Site.StartInterlookAsync();
        await Site.AnswersAsync("shop.example.org", Site.HttpPort, "shop");
        await Consul.ClearAsync();

        var (pending, plan) = await PlanAsync();

        Assert.Equal(Pending, pending);
        var step = Assert.Single(plan["steps"]!.AsArray())!;
        Assert.Equal("shop change dns.consul", $"{step["service"]} {step["action"]} {step["step"]}");
        Assert.Contains("missing", (string)step["reason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_read_is_said_and_plans_nothing()
    {
        await Site.RunAsync("shop", "shop.example.org");
        var interlook = await Site.StartInterlookAsync();
        await Site.AnswersAsync("shop.example.org", Site.HttpPort, "shop");
        await interlook.StopAsync();

        await Docker.SignalAsync("STOP");
        try
        {
            var (code, plan) = await PlanAsync();

            Assert.Equal(Unread, code);
            Assert.Empty(plan["steps"]!.AsArray());
            Assert.Contains(Docker.SocketPath, (string)plan["problems"]![0]!, StringComparison.Ordinal);
        }
        finally
        {
            await Docker.SignalAsync("CONT");
        }
    }

    private async Task<(int Code, JsonNode Plan)> PlanAsync()
    {
        var start = new ProcessStartInfo(InterlookDaemon.Program, ["plan", "--conf", Site.Configuration, "-o", "json"]) { RedirectStandardOutput = true };
        foreach (var (name, value) in InterlookDaemon.Variables)
            start.Environment[name] = value;
        using var command = Process.Start(start)!;
        var output = await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        return (command.ExitCode, JsonNode.Parse(output)!);
    }

    /// <summary>Every count and content that a write would change: etcd's revision, Consul's catalog, HAProxy's and Interlook's files.</summary>
    private async Task<string> EverythingAsync(EtcdServer etcd)
    {
        var revision = JsonNode.Parse(await etcd.ControlAsync("get", "/", "--keys-only", "-w", "json"))!["header"]!["revision"]!;
        var leases = await etcd.ControlAsync("lease", "list");
        var catalog = string.Join('\n', await Consul.ReadCatalogAsync());
        var files = Directory.EnumerateFiles(Site.Folder.Path, "*", SearchOption.AllDirectories).Append(Site.HAProxy.ConfigFile)
            .Order(StringComparer.Ordinal)
            .Select(file => $"{file} {File.GetLastWriteTimeUtc(file):O} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}");
        return $"{revision}\n{leases}\n{catalog}\n{string.Join('\n', files)}";
    }
}
