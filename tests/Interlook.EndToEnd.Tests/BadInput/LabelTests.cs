using System.Globalization;
using Interlook.Extensions.Tests.Docker;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.EndToEnd.Tests.BadInput;

public sealed class LabelTests
{
    [Fact]
    public async Task A_bad_label_is_named_with_its_container_and_the_others_are_published()
    {
        var cases = CaseFile.Read("labels");
        await using var docker = await FakeDocker.StartAsync();
        docker.Put(new FakeContainer { Id = "steady", Name = "steady", Labels = new Dictionary<string, string> { ["interlook.hosts"] = "steady.example.org" } }, action: null);
        foreach (var (given, number) in cases.Select((given, number) => (given, number)))
        {
            var labels = given.Text().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(": ", 2))
                .ToDictionary(line => line[0], line => line[1].Trim('"').Replace("\\n", "\n", StringComparison.Ordinal));
            var age = number.ToString("000", CultureInfo.InvariantCulture);
            docker.Put(new FakeContainer { Id = $"id{age}", Name = given.Slug, Labels = labels, HostPort = 30000 + number }, action: null);
        }
        using var site = new Site();
        await using var interlook = Executable.Start(site.Path, Site.Configuration
            .Replace("provider.file", "provider.docker", StringComparison.Ordinal)
            .Replace("{ file: { path: services } }", $"{{ docker: {{ endpoint: \"{docker.Endpoint}\" }} }}", StringComparison.Ordinal));
        await Eventually.TrueAsync("steady is deployed", async () => (await interlook.AddressesAsync()).Any(line => line.StartsWith("steady ", StringComparison.Ordinal)));
        await Eventually.TrueAsync("every container has its answer", async () =>
        {
            var known = await interlook.RejectionsAsync();
            var deployed = (await interlook.EntriesAsync()).Values.Where(entry => (string)entry["state"]! == "deployed").Select(entry => (string)entry["service"]!["name"]!).ToHashSet();
            return cases.All(given => known.ContainsKey($"container {given.Slug}") || deployed.Count > cases.Count - known.Count);
        });

        var rejections = await interlook.RejectionsAsync();
        var entries = await interlook.EntriesAsync();

        CaseFile.Verify("labels", cases.Select((given, number) => (given.Name, Says: Answer(given, 30000 + number))).ToDictionary(row => row.Name, row => row.Says));

        string Answer(BadCase given, int port)
        {
            if (rejections.TryGetValue($"container {given.Slug}", out var problem))
                return $"container {given.Slug}: {problem}";
            var service = entries.Values.Select(entry => entry["service"]!)
                .Single(service => service["targets"]!.AsArray().Any(target => (int)target!["port"]! == port));
            return $"published as '{service["name"]}' for {service["dns_name"]!.ToJsonString()}";
        }
    }
}
