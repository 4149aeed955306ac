using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Fixtures;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Services;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Interlook.Dashboard.Tests;

/// <summary>What happens shows by itself.</summary>
public sealed class LiveTests(Chromium chromium)
{
    private const string Refusal = "http://127.0.0.1:9999/api refuses the connection for service shop; start the load balancer";

    [Fact]
    public async Task A_service_appears_fails_and_recovers_without_a_reload()
    {
        await using var site = await Site.StartAsync([Site.Service("wiki")]);
        await using var page = await OpenPage.OpenAsync(chromium, site.Url);
        await page.Page.EvaluateAsync("window.isTheSamePage = true");
        var shop = page.Row("shop");
        var step = shop.Locator(".chain li", new LocatorLocatorOptions { HasText = "lb.haproxy" });
        var hold = new TaskCompletionSource();
        site.Balancer.Deploy = async (desired, stopping) =>
        {
            await hold.Task.WaitAsync(stopping);
            throw new ExtensionException(Reason.Unreachable, Refusal);
        };

        site.Platform.Publish(Site.Service("shop"));

        await Expect(shop.Locator(".badge")).ToHaveTextAsync("working");
        await Expect(step).ToHaveTextAsync("lb.haproxy working");
        await Expect(shop.Locator(".address .title")).ToHaveTextAsync("198.51.100.2");

        hold.SetResult();

        await Expect(shop.Locator(".badge")).ToHaveTextAsync("failed");
        await Expect(shop).ToContainTextAsync($"Unreachable: {Refusal}");
        await Expect(step).ToHaveTextAsync("lb.haproxy failed");
        await Expect(page.Page.Locator("#announcer")).ToHaveTextAsync("1 service fails");
        await page.PictureAsync("failed");

        site.Balancer.Deploy = (desired, _) => Task.FromResult(desired);
        site.Engine.Retry(Site.Key("shop"));

        await Expect(shop.Locator(".badge")).ToHaveTextAsync("deployed");
        await Expect(step).ToHaveTextAsync("lb.haproxy done");
        await Expect(shop).Not.ToContainTextAsync("Unreachable");
        Assert.True(await page.Page.EvaluateAsync<bool>("window.isTheSamePage"));
        await page.NothingWentWrongAsync();
    }

    [Fact]
    public async Task A_service_that_is_withdrawn_goes_back_and_then_away()
    {
        var options = new Engine.EngineOptions { CleanUndeployedServiceAfter = TimeSpan.FromSeconds(1), HousekeeperInterval = TimeSpan.FromSeconds(1) };
        await using var site = await Site.StartAsync([Site.Service("shop"), Site.Service("wiki")], options);
        await using var page = await OpenPage.OpenAsync(chromium, site.Url, "#service=shop");

        site.Platform.Say(new ProviderEvent.Withdrawn("shop"));

        await Expect(page.Row("shop")).ToHaveCountAsync(0);
        await Expect(page.Row("wiki")).ToHaveCountAsync(1);
        await Expect(page.Page.Locator("#detail")).ToContainTextAsync("There is no such service any more.");
        await page.NothingWentWrongAsync();
    }

    [Fact]
    public async Task After_a_restart_of_the_server_the_page_catches_up_by_itself()
    {
        await using var site = await Site.StartAsync([Site.Service("shop"), Site.Service("wiki")]);
        await using var page = await OpenPage.OpenAsync(chromium, site.Url);

        await site.RestartApiAsync(async () =>
        {
            await Expect(page.Page.Locator("#connection")).ToHaveTextAsync("connection lost, trying again");
            await Expect(page.Page.Locator("#notice")).ToContainTextAsync("not been heard from");
            await Expect(page.Rows).ToHaveCountAsync(2);
            site.Platform.Say(new ProviderEvent.Snapshot([Site.Service("wiki"), Site.Service("mail")]));
            await Eventually.TrueAsync("mail is deployed", () => site.Engine.Find(Site.Key("mail"))?.State == Entry.Deployed);
            await Eventually.TrueAsync("shop is undeployed", () => site.Engine.Find(Site.Key("shop"))?.State == Entry.Undeployed);
            await page.PictureAsync("connection-lost");
        });

        await page.ConnectedAsync();
        await Expect(page.Page.Locator("#notice")).ToBeHiddenAsync();
        await Expect(page.Row("mail").Locator(".badge")).ToHaveTextAsync("deployed");
        await Expect(page.Row("shop").Locator(".badge")).ToHaveTextAsync("undeployed");
        await page.NothingWentWrongAsync(expected: "net::ERR_");
    }

    [Fact]
    public async Task A_page_that_nobody_sees_gives_its_connection_back_and_catches_up_when_it_is_seen_again()
    {
        await using var site = await Site.StartAsync([Site.Service("wiki")]);
        await using var page = await OpenPage.OpenAsync(chromium, site.Url);
        await page.Page.Clock.InstallAsync();
        await Seen(false);
        await page.Page.Clock.FastForwardAsync("01:30");
        await Expect(page.Page.Locator("#connection")).ToHaveTextAsync("connecting");
        site.Platform.Publish(Site.Service("shop"));
        await Eventually.TrueAsync("shop is deployed", () => site.Engine.Find(Site.Key("shop"))?.State == Entry.Deployed);
        await Expect(page.Rows).ToHaveCountAsync(1);

        await Seen(true);

        await page.ConnectedAsync();
        await Expect(page.Row("shop")).ToHaveCountAsync(1);
        await page.NothingWentWrongAsync();

        Task Seen(bool seen) => page.Page.EvaluateAsync(
            "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }",
            !seen);
    }

    [Fact]
    public async Task A_step_that_sees_its_targets_shows_their_health()
    {
        var good = new Target("10.20.0.7", 8080);
        var bad = new Target("10.20.0.8", 8080);
        await using var site = await Site.StartAsync([Site.Service("shop", good, bad)]);
        await using var page = await OpenPage.OpenAsync(chromium, site.Url, "#service=shop");
        await Expect(page.Row("shop").Locator(".health")).ToHaveTextAsync("2 targets");

        site.Balancer.See(Site.Key("shop"), new ServiceCondition("1 of 2 targets does not answer",
        [
            new TargetCondition(good, TargetHealth.Healthy, null, new Traffic(3, 1234, 0, 10, 20)),
            new TargetCondition(bad, TargetHealth.Unhealthy, "connection refused", new Traffic(0, 7, 7, 0, 0)),
        ]));

        await Expect(page.Row("shop").Locator(".health")).ToHaveTextAsync("1 of 2 healthy");
        await Expect(page.Row("shop")).ToContainTextAsync("1 of 2 targets does not answer");
        var targets = page.Page.Locator("#detail .target-list li");
        await Expect(targets.Nth(0)).ToContainTextAsync("healthy");
        await Expect(targets.Nth(0)).ToContainTextAsync("3 open · 1,234 connections");
        await Expect(targets.Nth(1)).ToContainTextAsync("problem: connection refused");
        await page.NothingWentWrongAsync();
    }

    [Fact]
    public async Task The_detail_tells_the_history_as_it_grows()
    {
        await using var site = await Site.StartAsync([Site.Service("wiki")]);
        await using var page = await OpenPage.OpenAsync(chromium, site.Url, "#service=shop");
        await Expect(page.Page.Locator("#detail")).ToContainTextAsync("There is no such service any more.");
        var history = page.Page.Locator("#detail .transitions li");
        site.Balancer.Deploy = (_, _) => throw new ExtensionException(Reason.Refused, Refusal);

        site.Platform.Publish(Site.Service("shop"));
        await Expect(history.Filter(new LocatorFilterOptions { HasText = "failed" }).First).ToContainTextAsync($"Refused: {Refusal}");

        site.Balancer.Deploy = (desired, _) => Task.FromResult(desired);
        site.Engine.Retry(Site.Key("shop"));

        await Expect(history.Filter(new LocatorFilterOptions { HasText = "by lb.haproxy" }).First).ToContainTextAsync("deployed");
        await Expect(history.Last).ToContainTextAsync($"detectedby {Site.Provider}");
        await page.PictureAsync("detail");
        await page.NothingWentWrongAsync();
    }

    [Fact]
    public async Task Providers_steps_and_pools_are_told_of()
    {
        await using var site = await Site.StartAsync([Site.Service("shop"), Site.Service("wiki")]);
        await using var page = await OpenPage.OpenAsync(chromium, site.Url);
        var provider = page.Page.Locator("#providers li.card");
        await Expect(provider).ToContainTextAsync("in step");
        await Expect(provider).ToContainTextAsync("2 services, last good sync");
        await Expect(page.Page.Locator("#extensions .card-name")).ToHaveTextAsync(["dns.interlook", "ipam.ipalloc", "lb.haproxy"]);
        await Expect(page.Page.GetByRole(AriaRole.Meter)).ToHaveAttributeAsync("aria-valuetext", "2 of 254 leased");

        site.Platform.Say(new ProviderEvent.Rejections([new Rejection("container web-1", "has no published port 80; publish it")]));
        await Expect(provider).ToContainTextAsync("1 rejected");
        site.Platform.Break("unix:///var/run/docker.sock refuses the connection; is Docker running?");

        await Expect(provider).ToContainTextAsync("not in step");
        await Expect(provider).ToContainTextAsync("Unreachable: unix:///var/run/docker.sock refuses the connection; is Docker running?");
        await page.NothingWentWrongAsync();
    }
}
