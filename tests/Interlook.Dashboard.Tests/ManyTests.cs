using System.Globalization;
using Interlook.Fixtures;
using Interlook.Services;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Interlook.Dashboard.Tests;

/// <summary>Ten thousand services. Times are told, not judged: they are the machine's as much as the page's.</summary>
public sealed class ManyTests(Chromium chromium)
{
    private const int Many = 10_000;

    /// <summary>Rows in sight, rows kept ready, and room for a larger font.</summary>
    private const int MostElements = 60;

    private const string Scroll = """
        async () => {
          const grid = document.getElementById('grid');
          const body = document.getElementById('rows');
          const frame = () => new Promise(requestAnimationFrame);
          let most = 0, slowest = 0, empty = 0, last = performance.now();
          const steps = 120;
          for (let i = 1; i <= steps; i++) {
            grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * i / steps;
            await frame();
            await frame();
            const now = performance.now();
            slowest = Math.max(slowest, (now - last) / 2);
            last = now;
            most = Math.max(most, body.childElementCount);
            const middle = document.elementFromPoint(grid.getBoundingClientRect().left + 60, grid.getBoundingClientRect().top + grid.clientHeight / 2);
            if (!middle?.closest('[role=row]')) empty++;
          }
          return [most, Math.round(slowest), empty];
        }
        """;

    private const string Roll = """
        async () => {
          const grid = document.getElementById('grid');
          const frame = () => new Promise(requestAnimationFrame);
          const times = [];
          let last = await frame();
          for (let i = 0; i < 200; i++) {
            grid.scrollTop -= 120;
            const now = await frame();
            times.push(now - last);
            last = now;
          }
          times.sort((a, b) => a - b);
          return [times[100], times[190], times[199]].map(Math.round);
        }
        """;

    private const string Search = """
        async (text) => {
          const search = document.getElementById('search');
          const frame = () => new Promise(requestAnimationFrame);
          const times = [];
          for (let length = 1; length <= text.length; length++) {
            const begun = performance.now();
            search.value = text.slice(0, length);
            search.dispatchEvent(new Event('input', { bubbles: true }));
            const handled = performance.now() - begun;
            await new Promise((done) => requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = done; c.port2.postMessage(0); }));
            times.push(performance.now() - begun);
          }
          return times.map(Math.round);
        }
        """;

    [Fact]
    public async Task Ten_thousand_services_scroll_and_are_searched()
    {
        await using var site = await Site.StartAsync(Enumerable.Range(0, Many).Select(i => Site.Service(Name(i), Targets(i))));
        await using var page = await OpenPage.OpenAsync(chromium, site.Url);
        await Expect(page.Page.Locator("#shown")).ToHaveTextAsync("10,000 services");
        await Expect(page.Page.GetByRole(AriaRole.Grid)).ToHaveAttributeAsync("aria-rowcount", "10001");
        var told = await page.Page.EvaluateAsync<double>("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0");
        Tell($"first paint after {told:0} ms; long tasks while loading: {await LongTasksAsync(page)}");

        var scrolled = await page.Page.EvaluateAsync<int[]>(Scroll);
        Tell($"scrolled from end to end in 120 steps: at most {scrolled[0]} rows have elements, slowest frame {scrolled[1]} ms; long tasks: {await LongTasksAsync(page)}");
        Assert.InRange(scrolled[0], 1, MostElements);
        Assert.Equal(0, scrolled[2]);
        await Expect(page.Rows.Last).ToContainTextAsync(Name(Many - 1));
        await Expect(page.Rows.Last).ToHaveAttributeAsync("aria-rowindex", "10001");
        await page.PictureAsync("ten-thousand");

        var rolled = await page.Page.EvaluateAsync<int[]>(Roll);
        Tell($"rolled 200 times by 120 pixels, a frame each: median {rolled[0]} ms, 95th percentile {rolled[1]} ms, slowest {rolled[2]} ms; long tasks: {await LongTasksAsync(page)}");

        var searched = await page.Page.EvaluateAsync<int[]>(Search, "svc-04321");
        Tell($"typed a search letter by letter, each painted after {string.Join(", ", searched)} ms; long tasks: {await LongTasksAsync(page)}");
        await Expect(page.Rows).ToHaveCountAsync(1);
        await Expect(page.Rows).ToContainTextAsync("svc-04321");
        await page.NothingWentWrongAsync();
    }

    [Fact]
    public async Task Ten_thousand_services_that_change_and_are_told_again_do_not_add_up()
    {
        await using var site = await Site.StartAsync(Enumerable.Range(0, Many).Select(i => Site.Service(Name(i), Targets(i))));
        await using var page = await OpenPage.OpenAsync(chromium, site.Url);
        await Expect(page.Page.Locator("#shown")).ToHaveTextAsync("10,000 services");
        var first = await HeapAsync(page);

        for (var round = 1; round <= 4; round++)
        {
            foreach (var i in Enumerable.Range(0, Many).Where(i => i % 5 == 0))
                site.Platform.Publish(Site.Service(Name(i), new Target("10.20.0.9", 9000 + round)));
            await Expect(page.Row(Name(0))).ToContainTextAsync($"10.20.0.9:{9000 + round}");
            await site.RestartApiAsync(() => Expect(page.Page.Locator("#connection")).ToHaveTextAsync("connection lost, trying again"));
            await page.ConnectedAsync();
        }

        var last = await HeapAsync(page);
        Tell($"heap of the page: {first / 1024 / 1024:0.0} MiB at first, {last / 1024 / 1024:0.0} MiB after 8,000 changes and four reconnects; long tasks: {await LongTasksAsync(page)}");
        Assert.InRange(last, 0, 1.5 * first + (8 * 1024 * 1024));
        await page.NothingWentWrongAsync(expected: "net::ERR_");
    }

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"svc-{i:00000}");

    private static Target[] Targets(int i) =>
        [.. Enumerable.Range(0, 1 + (i % 3)).Select(j => new Target(string.Create(CultureInfo.InvariantCulture, $"10.{i >> 8}.{i & 255}.{j + 1}"), 8080))];

    private static void Tell(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        var folder = Repository.File("artifacts", "tests", "screenshots");
        Directory.CreateDirectory(folder);
        File.AppendAllLines(Path.Combine(folder, "figures.txt"), [line]);
    }

    private static async Task<string> LongTasksAsync(OpenPage page)
    {
        var tasks = await page.Page.EvaluateAsync<int[]>("longTasks.splice(0)");
        return tasks.Length == 0 ? "none" : $"{tasks.Length}, the longest {tasks.Max()} ms";
    }

    private static async Task<double> HeapAsync(OpenPage page)
    {
        var session = await page.Page.Context.NewCDPSessionAsync(page.Page);
        await session.SendAsync("HeapProfiler.collectGarbage");
        var usage = await session.SendAsync("Runtime.getHeapUsage");
        await session.DetachAsync();
        return usage!.Value.GetProperty("usedSize").GetDouble();
    }
}
