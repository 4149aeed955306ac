using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Fixtures;
using Interlook.Provisioners;
using Interlook.Services;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Interlook.Dashboard.Tests;

/// <summary>Pictures of an ordinary day, kept among the artifacts; docs/images/page.png is one of them.</summary>
public sealed class PictureTests(Chromium chromium)
{
    private static readonly string[] Names =
        ["auth", "billing", "docs", "grafana", "mail", "media", "queue", "registry", "search", "search-api", "tickets", "wiki", "wiki-api"];

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task An_ordinary_day(ColorScheme scheme)
    {
        await using var site = await Site.StartAsync(Names.Select((name, i) => Site.Service(name, Targets(i))));
        site.PoolSize = 30;
        for (var i = 0; i < Names.Length; i++)
            site.Balancer.See(Site.Key(Names[i]), Health(Names[i], i));
        site.Names.Deploy = (desired, stopping) => desired.Name == "checkout"
            ? throw new ExtensionException(Reason.Conflict, "checkout.example.org belongs to somebody else; remove it there or rename the service")
            : Task.FromResult(desired);
        site.Balancer.Deploy = (_, stopping) => new TaskCompletionSource<ServiceDefinition>().Task.WaitAsync(stopping);
        site.Platform.Publish(Site.Service("checkout", Targets(1)), Site.Service("intranet", Targets(2)));
        await Eventually.TrueAsync("checkout has failed", () => site.Engine.Find(Site.Key("checkout"))?.Failure is not null);
        await using var page = await OpenPage.OpenAsync(chromium, site.Url, width: 1360, height: 720, scheme: scheme);

        await Expect(page.Row("intranet").Locator(".badge")).ToHaveTextAsync("working");
        await Expect(page.Row("media").Locator(".health")).ToHaveTextAsync("2 of 3 healthy");
        await Expect(page.Page.GetByRole(AriaRole.Meter)).ToBeVisibleAsync();
        await page.PictureAsync($"ordinary-day-{scheme.ToString().ToLowerInvariant()}");
        Assert.Equal(Entry.Deployed, site.Engine.Find(Site.Key("wiki"))?.State);
        await page.NothingWentWrongAsync();
    }

    private static Target[] Targets(int i) => [.. Enumerable.Range(1, 1 + (i % 3)).Select(j => new Target($"10.20.{i}.{j}", 8080))];

    private static ServiceCondition Health(string name, int i)
    {
        var isBad = name == "media";
        return new ServiceCondition(
            isBad ? "1 of 3 targets does not answer" : null,
            [.. Targets(i).Select((target, j) => isBad && j == 1
                ? new TargetCondition(target, TargetHealth.Unhealthy, "connection refused", new Traffic(0, 41, 41, 0, 0))
                : new TargetCondition(target, TargetHealth.Healthy, null, new Traffic(3, 5120, 0, 1, 1)))]);
    }
}
