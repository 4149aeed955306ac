using System.Globalization;
using System.Net;
using Interlook.Extensions.Tests.Docker;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.EndToEnd.Tests.BadInput;

public sealed class DockerFaultTests
{
    [Fact]
    public async Task A_docker_that_fails_at_the_start_is_named_with_its_address()
    {
        var said = new System.Collections.Concurrent.ConcurrentDictionary<string, string>();

        await Parallel.ForEachAsync(CaseFile.Read("docker"), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (given, _) =>
        {
            await using var docker = await FakeDocker.StartAsync();
            Break(docker, given.Text().Trim());
            using var site = new Site();
            await using var interlook = Executable.Start(site.Path, Configuration(docker));
            said[given.Name] = (await interlook.RefusalAsync() ?? "it runs").Replace(docker.Endpoint, "unix:///docker.sock", StringComparison.Ordinal).TrimEnd();
        });

        CaseFile.Verify("docker", said);
    }

    [Fact]
    public async Task A_docker_that_fails_later_is_named_by_health_and_nothing_is_withdrawn()
    {
        await using var docker = await FakeDocker.StartAsync();
        docker.Put(new FakeContainer { Id = "c1", Name = "shop", Labels = new Dictionary<string, string> { ["interlook.hosts"] = "shop.example.org" } }, action: null);
        using var site = new Site();
        await using var interlook = Executable.Start(site.Path, Configuration(docker));
        await interlook.DeployedAsync(1);
        var before = await interlook.AddressesAsync();

        docker.Fault = _ => FakeFault.Answer(500);
        docker.EndStreams();
        await Eventually.TrueAsync("health says it", async () => (await MessageAsync(interlook)).Contains("HTTP 500", StringComparison.Ordinal));
        var message = await MessageAsync(interlook);
        var during = await interlook.AddressesAsync();
        docker.Fault = _ => null;
        await Eventually.TrueAsync("it is healthy again", async () => (await interlook.TryGetAsync("/health"))!.Value.Status == HttpStatusCode.OK);

        Assert.Equal(before, during);
        Assert.Equal(before, await interlook.AddressesAsync());
        CaseFile.Verify("scenarios", new Dictionary<string, string>
        {
            ["Docker answers 500 while services are deployed"] = message.Replace(docker.Endpoint, "unix:///docker.sock", StringComparison.Ordinal),
        });
    }

    private static async Task<string> MessageAsync(Executable interlook)
    {
        var (status, body) = (await interlook.TryGetAsync("/health"))!.Value;
        var docker = body["extensions"]!.AsArray().Single(extension => (string)extension!["name"]! == "provider.docker")!;
        return status == HttpStatusCode.ServiceUnavailable ? (string?)docker["message"] ?? "" : "";
    }

    private static string Configuration(FakeDocker docker) => Site.Configuration
        .Replace("provider.file", "provider.docker", StringComparison.Ordinal)
        .Replace("{ file: { path: services } }", $"{{ docker: {{ endpoint: \"{docker.Endpoint}\" }} }}", StringComparison.Ordinal);

    private static void Break(FakeDocker docker, string given)
    {
        var listing = given.EndsWith(" to a listing", StringComparison.Ordinal);
        var what = given.Replace(" to a listing", "", StringComparison.Ordinal);
        var fault = what.Split(' ', 2) switch
        {
            ["status", var status] => FakeFault.Answer(int.Parse(status, CultureInfo.InvariantCulture)),
            ["redirect", var location] => FakeFault.Redirect(location),
            ["body", var body] => FakeFault.Instead(body),
            ["cut"] => FakeFault.Cut,
            ["hang"] => FakeFault.Hang(new TaskCompletionSource()),
            ["version", _] => null,
            _ => throw new InvalidOperationException(given),
        };
        if (what.StartsWith("version ", StringComparison.Ordinal))
            docker.Version = what["version ".Length..] is "none" ? null : what["version ".Length..];
        else
            docker.Fault = path => !listing || path.Contains("/containers/json", StringComparison.Ordinal) ? fault : null;
    }
}
