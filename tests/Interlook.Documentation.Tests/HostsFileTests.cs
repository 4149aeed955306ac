using Interlook.Extensions;
using Interlook.Extensions.HostsFile;
using Interlook.Fixtures;
using Interlook.Services;
using Interlook.Specification;
using Xunit;

namespace Interlook.Documentation.Tests;

/// <summary>What is special about <c>dns.hostsfile</c>, beyond what the kit asks of every provisioner.</summary>
public sealed class HostsFileTests : IDisposable
{
    private static readonly ServiceKey Key = new(ServiceKey.DefaultWorkflow, "shop");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_line_has_the_address_the_names_and_the_mark()
    {
        var provisioner = await StartAsync("");

        await provisioner.DeployAsync(Key, Shop, [], TestContext.Current.CancellationToken);

        Assert.Equal("192.168.99.10 shop.example.org www.example.org # interlook test default%2Fshop\n", Content());
    }

    [Fact]
    public async Task Foreign_lines_keep_their_bytes()
    {
        var foreign = "127.0.0.1 localhost\r\n\n# gr\u00f6\u00dfer\n192.0.2.7\tprinter";
        var provisioner = await StartAsync(foreign);

        await provisioner.DeployAsync(Key, Shop, [], TestContext.Current.CancellationToken);
        await provisioner.UndeployAsync(Key, [Shop], TestContext.Current.CancellationToken);

        Assert.Equal(foreign + "\n", Content());
    }

    [Fact]
    public async Task A_wildcard_is_refused_with_what_to_do()
    {
        var provisioner = await StartAsync("");

        var failure = await Assert.ThrowsAsync<ExtensionException>(() =>
            provisioner.DeployAsync(Key, Shop with { DnsNames = ["*.example.org"] }, [], TestContext.Current.CancellationToken));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains("name the hosts one by one", failure.Message, StringComparison.Ordinal);
    }

    private static ServiceDefinition Shop => new()
    {
        Name = "shop",
        Provider = "provider.test",
        DnsNames = ["www.example.org", "shop.example.org"],
        PublicIp = System.Net.IPAddress.Parse("192.168.99.10"),
    };

    private string Content() => File.ReadAllText(folder.File("hosts"), System.Text.Encoding.Latin1);

    private async Task<HostsFileProvisioner> StartAsync(string content)
    {
        await File.WriteAllTextAsync(folder.File("hosts"), content, System.Text.Encoding.Latin1);
        var provisioner = new HostsFileProvisioner(new HostsFileOptions { File = folder.File("hosts") }, TestContexts.Create("dns.hostsfile"));
        await provisioner.StartAsync(TestContext.Current.CancellationToken);
        return provisioner;
    }
}
