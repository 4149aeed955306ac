using Interlook.Fixtures;
using Microsoft.Playwright;
using Xunit;

// One browser, one page at a time: what is measured is not measured against another test.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(Interlook.Dashboard.Tests.Chromium))]

namespace Interlook.Dashboard.Tests;

/// <summary>The installed Chromium, without a window; started by the first test that needs it.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync",
    ];

    private IPlaywright? driver;
    private IBrowser? browser;

    /// <summary>The browser. Without one on this machine the test is skipped, and in CI it fails.</summary>
    public async Task<IBrowser> StartAsync()
    {
        if (browser is not null)
            return browser;
        var program = TestMachine.Require("chromium");
        driver = await Playwright.CreateAsync();
        return browser = await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = Arguments });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        driver?.Dispose();
    }
}
