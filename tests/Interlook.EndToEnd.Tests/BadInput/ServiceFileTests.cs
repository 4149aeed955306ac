using Interlook.Fixtures;
using Xunit;

namespace Interlook.EndToEnd.Tests.BadInput;

public sealed class ServiceFileTests
{
    [Fact]
    public async Task A_bad_service_file_is_named_and_what_it_said_before_stays_published()
    {
        var cases = CaseFile.Read("services");
        using var site = new Site();
        site.Publish("steady");
        foreach (var given in cases)
            site.Publish(given.Slug, $"{given.Slug[..Math.Min(60, given.Slug.Length)].Trim('-')}.example.org");
        await using var interlook = Executable.Start(site.Path, Site.Configuration);
        await interlook.DeployedAsync(cases.Count + 1);
        var before = await interlook.AddressesAsync();

        foreach (var given in cases)
            await File.WriteAllBytesAsync(site.File($"services/{given.Slug}.yml"), given.Bytes(), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync("every file is rejected", async () => (await interlook.RejectionsAsync()).Count == cases.Count);

        var rejections = await interlook.RejectionsAsync();
        CaseFile.Verify("services", cases.ToDictionary(given => given.Name, given => rejections[$"file {given.Slug}.yml"]));
        Assert.Equal(before, await interlook.AddressesAsync());
    }
}
