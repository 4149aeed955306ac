using Interlook.Extensions;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Services;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Interlook.Dashboard.Tests;

/// <summary>Whatever a platform or a system says is text.</summary>
public sealed class MarkupTests(Chromium chromium)
{
    private const string Image = "<img src=x onerror=alert(1)>";

    [Fact]
    public async Task A_name_that_is_markup_is_text()
    {
        string[] odd = [Image, "<script>alert(2)</script>", "\"><svg onload=alert(3)>", "__proto__", "constructor", "..", "{{7*7}}", "a/b", "50%25"];
        await using var site = await Site.StartAsync(odd.Select(name => Site.Service(name) with { DnsNames = [] }));
        await using var page = await OpenPage.OpenAsync(chromium, site.Url);

        await Expect(page.Rows).ToHaveCountAsync(odd.Length);
        foreach (var name in odd)
        {
            await page.Row(name).ClickAsync();
            await Expect(page.Page.Locator("#detail-title")).ToHaveTextAsync(name);
            await Expect(page.Page.Locator("#detail .transitions li").Last).ToContainTextAsync("detected");
        }
        await page.PictureAsync("markup");
        await NothingBecameMarkup(page);
    }

    [Fact]
    public async Task Markup_in_every_other_field_is_text()
    {
        await using var site = await Site.StartAsync();
        var service = Site.Service("shop", new Target(Image, 80)) with { DnsNames = [Image, "</span><script>alert(4)</script>"] };
        site.Names.Deploy = (_, _) => throw new ExtensionException(Reason.Conflict, $"error {Image}");
        site.Balancer.Check = () => throw new ExtensionException(Reason.Unreachable, $"check {Image}");
        site.Platform.Publish(service, Site.Service("wiki") with { DnsNames = [Image] });
        site.Platform.Say(new ProviderEvent.Rejections([new Rejection($"subject {Image}", $"problem {Image}")]));
        await using var page = await OpenPage.OpenAsync(chromium, site.Url, $"#service=shop&provider={Uri.EscapeDataString(Image)}");
        await Expect(page.Page.Locator("#empty")).ToContainTextAsync("No service is like that.");
        await page.Page.Locator("#clear").ClickAsync();
        await Expect(page.Row("shop")).ToContainTextAsync($"error {Image}");
        site.Platform.Break($"watch {Image}");
        await Expect(page.Page.Locator("#providers")).ToContainTextAsync($"watch {Image}");
        await Expect(page.Page.Locator("#providers")).ToContainTextAsync($"subject {Image}");

        site.Names.Deploy = (desired, _) => Task.FromResult(desired);
        site.Engine.Retry(Site.Key("shop"));
        await Expect(page.Row("shop").Locator(".badge")).ToHaveTextAsync("deployed");
        site.Balancer.See(Site.Key("shop"), new ServiceCondition($"remark {Image}",
            [new TargetCondition(service.Targets[0], TargetHealth.Unhealthy, $"target {Image}", new Traffic(0, 0, 0, 0, 0))]));

        await Expect(page.Row("shop")).ToContainTextAsync($"remark {Image}");
        await Expect(page.Page.Locator("#detail")).ToContainTextAsync($"target {Image}");
        await NothingBecameMarkup(page);
    }

    [Fact]
    public async Task The_browser_itself_refuses_a_text_as_markup_or_code()
    {
        await using var site = await Site.StartAsync();
        await using var page = await OpenPage.OpenAsync(chromium, site.Url);

        // The page's own world, not the test's: a script file would be needed, and the only ones it may load are its own.
        var refused = await page.Page.EvaluateAsync<string>(
            "(markup) => { try { document.getElementById('shown').innerHTML = markup; return 'taken'; } catch (e) { return e.name; } }", Image);

        Assert.Equal("TypeError", refused);
    }

    private static async Task NothingBecameMarkup(OpenPage page)
    {
        await Expect(page.Page.Locator("img:not([src='page/icon.svg']), svg:not([viewBox]), script:not([src='page/app.js'])")).ToHaveCountAsync(0);
        await page.NothingWentWrongAsync();
    }
}
