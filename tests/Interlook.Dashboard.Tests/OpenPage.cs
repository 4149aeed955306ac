using System.Collections.Concurrent;
using Interlook.Fixtures;
using Microsoft.Playwright;
using Xunit;

namespace Interlook.Dashboard.Tests;

/// <summary>The page in a browser, watched for everything that must never happen on it.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    /// <summary>Generous: it decides only how fast a broken test fails.</summary>
    private const float Patience = 30_000;

    private const string WatchForViolations = """
        window.violations = [];
        document.addEventListener('securitypolicyviolation', e => violations.push(`${e.violatedDirective} ${e.blockedURI}`));
        window.longTasks = [];
        new PerformanceObserver(list => longTasks.push(...list.getEntries().map(e => Math.round(e.duration)))).observe({ type: 'longtask', buffered: true });
        """;

    private readonly IBrowserContext context;
    private readonly Uri address;
    private readonly ConcurrentQueue<string> complaints = new();

    private OpenPage(IBrowserContext context, IPage page, Uri address)
    {
        this.context = context;
        this.address = address;
        Page = page;
        page.PageError += (_, error) => complaints.Enqueue($"error: {error}");
        page.Dialog += (_, dialog) => complaints.Enqueue($"dialog: {dialog.Message}");
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Enqueue($"console {message.Type}: {message.Text}");
        };
        context.Request += (_, request) =>
        {
            if (new Uri(request.Url).GetLeftPart(UriPartial.Authority) != address.GetLeftPart(UriPartial.Authority))
                complaints.Enqueue($"request to another origin: {request.Url}");
        };
    }

    public IPage Page { get; }

    /// <summary>The rows that have elements.</summary>
    public ILocator Rows => Page.Locator("#rows [role=row]");

    /// <summary>Opens the page and waits until everything has been told.</summary>
    public static async Task<OpenPage> OpenAsync(
        Chromium chromium, Uri address, string at = "", int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        var browser = await chromium.StartAsync();
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            Locale = "en-GB",
            TimezoneId = "Europe/Berlin",
            HasTouch = width < 500,
        });
        context.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        await context.AddInitScriptAsync(WatchForViolations);
        var opened = new OpenPage(context, await context.NewPageAsync(), address);
        await opened.Page.GotoAsync(new Uri(address, at).ToString());
        await opened.ConnectedAsync();
        return opened;
    }

    /// <summary>Waits until the stream is open and everything has been told.</summary>
    public async Task ConnectedAsync()
    {
        try
        {
            await Assertions.Expect(Page.Locator("#connection")).ToHaveTextAsync("live");
        }
        catch (PlaywrightException failure)
        {
            var loaded = await Page.EvaluateAsync<string[]>("performance.getEntriesByType('resource').map(e => `${e.name} ${e.responseStatus}`)");
            throw new InvalidOperationException(
                $"the page at {address} does not connect: {string.Join("; ", complaints)}; it loaded {string.Join(", ", loaded)}", failure);
        }
    }

    /// <summary>The row of a service.</summary>
    public ILocator Row(string name) => Rows.Filter(new LocatorFilterOptions { Has = Page.GetByText(name, new PageGetByTextOptions { Exact = true }) });

    /// <summary>Keeps a picture among the test's artifacts.</summary>
    public Task PictureAsync(string name) => Page.ScreenshotAsync(new PageScreenshotOptions
    {
        Path = Repository.File("artifacts", "tests", "screenshots", $"{name}.png"),
    });

    /// <summary>Fails if a script failed, the Content-Security-Policy was violated, or anything was asked of another origin.</summary>
    /// <param name="expected">What may be complained of all the same.</param>
    public async Task NothingWentWrongAsync(string? expected = null)
    {
        var violations = await Page.EvaluateAsync<string[]>("violations");
        Assert.Empty(violations);
        Assert.DoesNotContain(complaints, complaint => expected is null || !complaint.Contains(expected, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
