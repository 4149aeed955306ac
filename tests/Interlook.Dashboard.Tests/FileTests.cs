using System.Net;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.Dashboard.Tests;

/// <summary>The page's files, as they are sent.</summary>
public sealed class FileTests
{
    private static readonly HttpClient Client = new();

    [Fact]
    public async Task The_page_may_load_nothing_from_elsewhere_and_nothing_inline()
    {
        await using var site = await Site.StartAsync();

        using var answer = await Client.GetAsync(site.Url, TestContext.Current.CancellationToken);

        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
            answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task A_file_that_has_not_changed_is_not_sent_again()
    {
        await using var site = await Site.StartAsync();
        using var first = await Client.GetAsync(new Uri(site.Url, "page/app.js"), TestContext.Current.CancellationToken);

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(site.Url, "page/app.js"));
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("no-cache", first.Headers.CacheControl!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task Every_file_of_the_folder_is_sent_and_no_other()
    {
        await using var site = await Site.StartAsync();

        foreach (var file in Directory.EnumerateFiles(Repository.File("src", "Interlook.Dashboard", "Page")))
        {
            var sent = await Client.GetByteArrayAsync(new Uri(site.Url, $"page/{Path.GetFileName(file)}"), TestContext.Current.CancellationToken);
            Assert.Equal(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), sent);
        }
        using var other = await Client.GetAsync(new Uri(site.Url, "page/..%2fapp.js"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        Assert.Equal("application/problem+json", other.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public void No_script_reads_markup_or_code_from_a_text()
    {
        string[] ways = ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval(", "new Function", "javascript:"];

        var found = Repository.Files("src/Interlook.Dashboard/Page", "*.js")
            .SelectMany(file => ways.Where(way => File.ReadAllText(Repository.File(file)).Contains(way, StringComparison.Ordinal)).Select(way => $"{file}: {way}"));

        Assert.Empty(found);
    }

    [Fact]
    public void Every_script_stays_short()
    {
        var tooLong = Repository.Files("src/Interlook.Dashboard/Page", "*").Where(file => File.ReadLines(Repository.File(file)).Count() > 400);

        Assert.Empty(tooLong);
    }
}
