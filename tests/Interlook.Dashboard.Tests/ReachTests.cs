using Interlook.Extensions;
using Interlook.Services;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Interlook.Dashboard.Tests;

/// <summary>The page for who has no mouse, does not see it, has a telephone, or was sent a link.</summary>
public sealed class ReachTests(Chromium chromium)
{
    private const int PhoneWidth = 375;

    [Fact]
    public async Task Everything_can_be_done_with_the_keyboard()
    {
        await using var site = await Site.StartAsync([Site.Service("mail"), Site.Service("shop"), Site.Service("wiki")]);
        await using var page = await OpenPage.OpenAsync(chromium, site.Url);
        var keys = page.Page.Keyboard;
        var grid = page.Page.GetByRole(AriaRole.Grid, new PageGetByRoleOptions { Name = "Services" });
        var detail = page.Page.Locator("#detail");

        await keys.PressAsync("Tab");
        await Expect(page.Page.GetByText("Skip to the services")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(grid).ToBeFocusedAsync();
        await Expect(page.Row("mail")).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("active"));
        await keys.PressAsync("ArrowDown");
        await Expect(grid).ToHaveAttributeAsync("aria-activedescendant", (await page.Row("shop").GetAttributeAsync("id"))!);

        await keys.PressAsync("Enter");
        await Expect(detail).ToBeFocusedAsync();
        await Expect(detail.GetByRole(AriaRole.Heading, new LocatorGetByRoleOptions { Level = 2 })).ToHaveTextAsync("shop");
        await keys.PressAsync("Escape");
        await Expect(detail).ToBeHiddenAsync();
        await Expect(grid).ToBeFocusedAsync();

        await keys.PressAsync("/");
        await Expect(page.Page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        await keys.TypeAsync("wik");
        await Expect(page.Rows).ToHaveCountAsync(1);
        await Expect(page.Page.Locator("#announcer")).ToHaveTextAsync("1 of 3 services shown");
        await keys.PressAsync("ArrowDown");
        await Expect(grid).ToBeFocusedAsync();
        await keys.PressAsync("/");
        await keys.PressAsync("Escape");
        await Expect(page.Rows).ToHaveCountAsync(3);
        await keys.PressAsync("Escape");
        await Expect(grid).ToBeFocusedAsync();
        await keys.PressAsync("End");
        await Expect(grid).ToHaveAttributeAsync("aria-activedescendant", (await page.Row("wiki").GetAttributeAsync("id"))!);
        await page.NothingWentWrongAsync();
    }

    [Fact]
    public async Task A_screen_reader_finds_a_grid_with_headings_rows_and_words_for_every_sign()
    {
        await using var site = await Site.StartAsync([Site.Service("shop")]);
        await using var page = await OpenPage.OpenAsync(chromium, site.Url);

        await Expect(page.Page.GetByRole(AriaRole.Grid)).ToHaveAttributeAsync("aria-rowcount", "2");
        await Expect(page.Row("shop")).ToHaveAttributeAsync("aria-rowindex", "2");
        await Expect(page.Page.Locator("body")).ToMatchAriaSnapshotAsync("""
            - link "Skip to the services"
            - banner:
              - heading "Interlook" [level=1]
              - status: live
              - search:
                - searchbox "Search services"
                - combobox "Provider"
            - main "Services":
              - group "Show services by state":
                - button "all 1"
                - button "failed 0"
              - grid "Services":
                - rowgroup:
                  - row:
                    - columnheader "Service":
                      - button "Service"
                    - columnheader "State"
                    - columnheader "Workflow"
                    - columnheader "Address"
                    - columnheader "Targets"
                    - columnheader "Since"
                - rowgroup:
                  - row /shop/:
                    - gridcell /shop provider.docker/
                    - gridcell "deployed"
                    - gridcell:
                      - list:
                        - 'listitem "ipam.ipalloc: done"': ipam.ipalloc done
                        - 'listitem "dns.interlook: done"': dns.interlook done
                        - 'listitem "lb.haproxy: done"': lb.haproxy done
                    - gridcell /198.51.100.1 shop.example.org/
                    - gridcell /1 target 10.20.0.7:8080/
                    - gridcell
            - complementary "Overview":
              - group:
                - region "Providers":
                  - heading "Providers" [level=2]
                  - list:
                    - listitem:
                      - paragraph: provider.docker in step
                - region "Steps":
                  - heading "Steps" [level=2]
                - region "Address pools":
                  - list:
                    - listitem:
                      - meter "Leased addresses of 198.51.100.0/24"
            """);
    }

    [Fact]
    public async Task On_a_phone_nothing_is_wider_than_the_screen()
    {
        var wide = new string('w', 200);
        await using var site = await Site.StartAsync([Site.Service("mail"), Site.Service(wide, [.. Enumerable.Range(1, 12).Select(i => new Target($"10.20.0.{i}", 8080))])]);
        site.Names.Deploy = (_, _) => throw new ExtensionException(Reason.Conflict, $"{wide}.example.org belongs to somebody else; remove it there");
        site.Platform.Publish(Site.Service("shop"));
        await using var page = await OpenPage.OpenAsync(chromium, site.Url, width: PhoneWidth, height: 740);
        await Expect(page.Row("shop").Locator(".badge")).ToHaveTextAsync("failed");
        await Fits(page);
        await page.PictureAsync("phone");

        await page.Page.GetByText("Providers, steps and pools").ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Meter)).ToBeVisibleAsync();
        await Fits(page);
        await page.Page.GetByText("Providers, steps and pools").ClickAsync();

        await page.Row("shop").TapAsync();
        await Expect(page.Page.Locator("#detail .fault")).ToBeVisibleAsync();
        await Expect(page.Page.Locator("#services")).ToHaveAttributeAsync("inert", "");
        await Fits(page);
        await page.PictureAsync("phone-detail");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Close the detail" }).TapAsync();
        await Expect(page.Page.GetByRole(AriaRole.Grid)).ToBeFocusedAsync();
        await page.NothingWentWrongAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 1440)]
    [InlineData(ColorScheme.Light, PhoneWidth)]
    [InlineData(ColorScheme.Dark, PhoneWidth)]
    public async Task Every_text_stands_out_from_its_ground(ColorScheme scheme, int width)
    {
        await using var site = await Site.StartAsync([Site.Service("mail"), Site.Service("search"), Site.Service("wiki")]);
        site.Names.Deploy = (desired, stopping) => desired.Name == "shop"
            ? throw new ExtensionException(Reason.Conflict, "shop.example.org belongs to somebody else")
            : new TaskCompletionSource<ServiceDefinition>().Task.WaitAsync(stopping);
        site.Platform.Publish(Site.Service("shop"), Site.Service("auth"));
        await using var page = await OpenPage.OpenAsync(chromium, site.Url, width: width, scheme: scheme);
        await Expect(page.Row("shop").Locator(".badge")).ToHaveTextAsync("failed");
        await Expect(page.Row("auth").Locator(".badge")).ToHaveTextAsync("working");
        await page.PictureAsync($"{(width == PhoneWidth ? "phone" : "page")}-{scheme.ToString().ToLowerInvariant()}");

        var faint = await Contrast.FaintTextsAsync(page.Page);
        await page.Row("shop").ClickAsync();
        await Expect(page.Page.Locator("#detail .transitions li").First).ToBeVisibleAsync();
        await page.PictureAsync($"{(width == PhoneWidth ? "phone" : "page")}-detail-{scheme.ToString().ToLowerInvariant()}");

        faint = [.. faint, .. await Contrast.FaintTextsAsync(page.Page)];
        Assert.Empty(faint);
        await page.NothingWentWrongAsync();
    }

    [Fact]
    public async Task The_address_keeps_what_is_shown()
    {
        await using var site = await Site.StartAsync([Site.Service("mail"), Site.Service("shop"), Site.Service("shop-web")]);
        await using var page = await OpenPage.OpenAsync(chromium, site.Url);
        var detail = page.Page.Locator("#detail");
        var search = page.Page.GetByRole(AriaRole.Searchbox);

        await page.Page.Locator("#statuses [data-status=deployed]").ClickAsync();
        await search.FillAsync("shop");
        await page.Row("shop-web").ClickAsync();
        await Expect(page.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("#q=shop&state=deployed&service=shop-web$"));

        await page.Page.ReloadAsync();
        await Expect(page.Rows).ToHaveCountAsync(2);
        await Expect(search).ToHaveValueAsync("shop");
        await Expect(detail.Locator("h2")).ToHaveTextAsync("shop-web");

        await page.Page.GoBackAsync();
        await Expect(detail).ToBeHiddenAsync();
        await Expect(page.Rows).ToHaveCountAsync(2);
        await page.Page.GoBackAsync();
        await Expect(page.Rows).ToHaveCountAsync(3);
        await page.NothingWentWrongAsync();
    }

    private static async Task Fits(OpenPage page) =>
        Assert.Equal(PhoneWidth, await page.Page.EvaluateAsync<int>("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"));
}
