using System.Globalization;
using Interlook.Extensions.Tests.Consul;
using Interlook.Fixtures;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Interlook.EndToEnd.Tests.BadInput;

public sealed class ConsulFaultTests
{
    [Fact]
    public async Task A_consul_that_fails_for_a_service_is_named_on_its_entry_and_the_others_are_deployed()
    {
        var cases = CaseFile.Read("consul");
        await using var consul = await FakeConsul.StartAsync();
        consul.Fault = call => AnswerAsync(call, cases.FirstOrDefault(given => call.Request.Path.Value!.EndsWith($"/service/{given.Slug}", StringComparison.Ordinal)));
        using var site = new Site();
        site.Publish("steady", "steady");
        foreach (var given in cases)
            site.Publish(given.Slug, given.Slug);
        await using var interlook = Executable.Start(site.Path, Site.Configuration.Replace("ipam.ipalloc\n", "ipam.ipalloc,dns.consul\n", StringComparison.Ordinal)
            + $"dns: {{ consul: {{ url: \"{consul.Url}\", token: hunter2secret }} }}\n");
        await Eventually.TrueAsync("every service has its answer", async () =>
            (await interlook.EntriesAsync()) is { } now && now.Count == cases.Count + 1 && now.Values.All(entry => (string)entry["state"]! == "deployed" || Error(entry) != ""));

        var entries = await interlook.EntriesAsync();

        Assert.Equal("deployed", (string)entries["steady"]["state"]!);
        Assert.All(cases, given => Assert.Equal("ipam.ipalloc", LastGoodStep(entries[given.Slug])));
        CaseFile.Verify("consul", cases.ToDictionary(
            given => given.Name,
            given => Error(entries[given.Slug]).Replace(consul.Url.AbsoluteUri.TrimEnd('/'), "http://127.0.0.1:8500", StringComparison.Ordinal)));
        Assert.DoesNotContain("hunter2", await File.ReadAllTextAsync(interlook.Log, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static string Error(System.Text.Json.Nodes.JsonNode entry) => (string?)entry["error"] ?? "";

    // The address it leased is kept: nothing is taken back because a later step fails.
    private static string LastGoodStep(System.Text.Json.Nodes.JsonNode entry) => (string?)entry["service"]!["public_ip"] is { Length: > 0 } ? "ipam.ipalloc" : "";

    private static async Task<bool> AnswerAsync(HttpContext call, BadCase? given)
    {
        if (given is null)
            return false;
        switch (given.Text().Trim().Split(' ', 3))
        {
            case ["status", var status, .. var text]:
                call.Response.StatusCode = int.Parse(status, CultureInfo.InvariantCulture);
                await call.Response.WriteAsync(text is [var words] ? words : "");
                return true;
            case ["cut"]:
                call.Response.ContentLength = 1000;
                await call.Response.WriteAsync("[{\"Node\":");
                await call.Response.Body.FlushAsync();
                call.Abort();
                return true;
            case ["hang"]:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, call.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return true;
            case ["filtered"]:
                call.Response.Headers["X-Consul-Results-Filtered-By-ACLs"] = "true";
                await call.Response.WriteAsync("[]");
                return true;
            case ["body", .. var body]:
                await call.Response.WriteAsync(string.Join(' ', body));
                return true;
            default:
                throw new InvalidOperationException(given.Given);
        }
    }
}
