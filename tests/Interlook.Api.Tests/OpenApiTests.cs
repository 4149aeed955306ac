using System.Text.Json;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.Api.Tests;

public sealed class OpenApiTests
{
    [Fact]
    public async Task The_committed_document_describes_the_endpoints()
    {
        var text = await OpenApiGenerator.DocumentAsync(TestContext.Current.CancellationToken);

        Golden.Matches("openapi.json", text.ReplaceLineEndings("\n").TrimEnd() + "\n");
    }

    [Fact]
    public async Task The_committed_document_is_the_one_that_is_served()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine());

        var text = await api.GetTextAsync("/openapi.json");

        Assert.Equal(await File.ReadAllTextAsync(Repository.File("docs/openapi.json"), TestContext.Current.CancellationToken), text);
    }

    [Fact]
    public async Task Every_path_is_described()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine());

        using var document = JsonDocument.Parse(await api.GetTextAsync("/openapi.json"));

        Assert.Equal(
            [
                "/events", "/extensions", "/health", "/metrics", "/orphans/remove", "/providers", "/providers/{name}/approve", "/ready", "/services", "/services/{name}",
                "/services/{name}/history", "/services/{name}/refresh", "/services/{name}/retry", "/version", "/workflow",
            ],
            document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal));
    }
}
