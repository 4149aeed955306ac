using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Interlook.Fixtures;
using Interlook.Simulators;
using Interlook.Simulators.BigIp;
using Interlook.Simulators.GestioIP;
using Interlook.Simulators.Kemp;
using Xunit;

namespace Interlook.EndToEnd.Tests;

/// <summary>The executable in front of the simulated appliances: GestioIP and a LoadMaster in one workflow, a BIG-IP with shared policies in another.</summary>
public sealed class ApplianceTests : IAsyncLifetime
{
    private const string Policy = "interlook_http_policy";

    private readonly TemporaryFolder folder = new();
    private readonly LoadMaster kemp = new();
    private readonly BigIpAppliance bigIp = new();
    private readonly GestioIPAppliance gestioIP = new();
    private readonly int port = TestMachine.FreePort();
    private RunningAppliance kempServer = null!;
    private RunningAppliance bigIpServer = null!;
    private RunningAppliance gestioIPServer = null!;

    public async ValueTask InitializeAsync()
    {
        gestioIP.Inventory.AddNetwork("192.168.99.0/24");
        bigIp.AddPartition("interlook");
        bigIp.Edit("POST", "/tm/ltm/pool", Body("""{"name":"/interlook/theirs","members":[{"name":"10.99.0.2:80"}]}"""));
        bigIp.Edit("POST", "/tm/ltm/policy", Body(
            $$"""
            {"name":"{{Policy}}","partition":"interlook","subPath":"Drafts","strategy":"/Common/first-match","requires":["http"],"controls":["forwarding"],
             "rules":[{"name":"theirs","ordinal":0,"conditions":[{"httpHost":true,"host":true,"request":true,"values":["theirs.example.org"]}],
             "actions":[{"forward":true,"select":true,"request":true,"pool":"/interlook/theirs"}]}]}
            """));
        bigIp.Edit("POST", "/tm/ltm/policy", Body($$"""{"command":"publish","name":"/interlook/Drafts/{{Policy}}"}"""));
        kemp.Run("addvs", ("vs", "10.99.0.9"), ("port", "80"), ("prot", "tcp"), ("nickname", "theirs"));
        kempServer = await RunningAppliance.StartAsync(kemp);
        bigIpServer = await RunningAppliance.StartAsync(bigIp);
        gestioIPServer = await RunningAppliance.StartAsync(gestioIP);
        Directory.CreateDirectory(folder.File("services"));
        await File.WriteAllTextAsync(folder.File("interlook.yml"), Settings());
    }

    public async ValueTask DisposeAsync()
    {
        await kempServer.DisposeAsync();
        await bigIpServer.DisposeAsync();
        await gestioIPServer.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_service_is_planned_made_changed_through_restarts_and_taken_back_and_what_others_made_stays()
    {
        var (kempBefore, bigIpBefore) = (Services(), Objects());
        Write("shop", "shop.example.org", "10.0.0.7:8081");
        Assert.Equal(3, await PlanAsync());
        Assert.Equal((kempBefore, bigIpBefore), (Services(), Objects()));

        await using var interlook = InterlookDaemon.Start(folder.File("interlook.yml"), port, folder.Path);
        await interlook.ReadyAsync();
        await MadeAsync(interlook, "10.0.0.7:8081");
        Assert.Equal(0, await PlanAsync());
        await kempServer.RestartAsync();
        await bigIpServer.RestartAsync();
        await gestioIPServer.RestartAsync();
        Write("shop", "shop.example.org", "10.0.0.8:8082");
        await MadeAsync(interlook, "10.0.0.8:8082");
        File.Delete(folder.File("services/shop.yml"));

        await Eventually.TrueAsync(
            "everything of ours is gone", () => Task.FromResult(Services() == kempBefore && Objects() == bigIpBefore), TimeSpan.FromSeconds(90));
        Assert.DoesNotContain(gestioIPServer.Calls.TakeLast(3), call => call.Path.Contains("reserve", StringComparison.Ordinal));
        Assert.Equal(0, await interlook.StopAsync());
        Assert.Equal(0, await PlanAsync());
    }

    private static JsonObject Body(string text) => JsonNode.Parse(text)!.AsObject();

    /// <summary>Everything that the BIG-IP has, letter by letter.</summary>
    private string Objects() => string.Join('\n', bigIp.Lines);

    /// <summary>The LoadMaster's services with their real servers, without what it counts up.</summary>
    private string Services() => string.Join('\n', XDocument.Parse(kemp.Run("listvs")).Descendants("VS")
        .Select(service => $"{service.Element("NickName")?.Value} {service.Element("VSAddress")?.Value}:{service.Element("VSPort")?.Value} "
            + string.Join(' ', service.Elements("Rs").Select(server => $"{server.Element("Addr")?.Value}:{server.Element("Port")?.Value}")))
        .Order(StringComparer.Ordinal));

    private Task MadeAsync(InterlookDaemon interlook, string target) => Eventually.TrueAsync(
        $"all have {target}",
        async () =>
        {
            var entries = await interlook.EntriesAsync();
            return entries.Count == 2 && entries.Values.All(entry => entry.IsAtRest && entry.Targets.SequenceEqual([target]))
                && Services().Contains($"192.168.99.1:80 {target}", StringComparison.Ordinal)
                && bigIp.Lines.Any(line => line.Contains("shop.example.org", StringComparison.Ordinal))
                && bigIp.Lines.Any(line => line.Contains(target, StringComparison.Ordinal));
        },
        TimeSpan.FromSeconds(90));

    private async Task<int> PlanAsync()
    {
        var start = new ProcessStartInfo(InterlookDaemon.Program, ["plan", "--conf", folder.File("interlook.yml")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in InterlookDaemon.Variables)
            start.Environment[name] = value;
        using var command = Process.Start(start)!;
        var output = command.StandardOutput.ReadToEndAsync();
        var error = command.StandardError.ReadToEndAsync();
        await command.WaitForExitAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(await output + await error);
        return command.ExitCode;
    }

    private void Write(string name, string host, string target)
    {
        var (address, number) = (target.Split(':')[0], target.Split(':')[1]);
        var next = folder.File("next.yml");
        File.WriteAllText(next, $"name: {name}\nhosts: [{host}]\ntargets: [{{ host: {address}, port: {number} }}]\n");
        File.Move(next, folder.File($"services/{name}.yml"), overwrite: true);
    }

    private string Settings() => string.Create(CultureInfo.InvariantCulture, $"""
        core:
          workflow: provider.file,ipam.gestioip,lb.kemplm
          listenPort: {port}
          flowEntriesFile: {folder.Path}/entries.db
        workflows:
          policies: provider.file,lb.f5ltm
        provider:
          file:
            path: {folder.Path}/services
        ipam:
          gestioip:
            endpoint: {gestioIPServer.Url}gestioip
            username: api
            password: apiPassw0rd
            network: [192.168.99.0/24]
        lb:
          kemplm:
            endpoint: {kempServer.Url}
            username: api
            password: apiPassw0rd
          f5ltm:
            httpEndpoint: {bigIpServer.Url}
            username: api
            password: restaccess
            partition: interlook
            updateMode: policy
            globalHTTPPolicy: {Policy}
        """);
}
