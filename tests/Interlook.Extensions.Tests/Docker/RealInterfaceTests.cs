using System.Diagnostics;
using Interlook.Extensions.Docker;
using Interlook.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>The public host on a real interface, one end of a pair of its own that leads nowhere.</summary>
public sealed class RealInterfaceTests : IAsyncLifetime
{
    private const string Interface = "ilk-test0";

    private bool isMade;

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            TestMachine.Absent("an interface can only be made by root on Linux");
        await IpAsync("link", "add", Interface, "type", "veth", "peer", "name", "ilk-test1");
        isMade = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (isMade)
            await IpAsync("link", "delete", Interface);
    }

    [Fact]
    public async Task An_address_that_changes_is_followed()
    {
        await IpAsync("addr", "add", "169.254.77.1/32", "dev", Interface);
        await IpAsync("addr", "add", "10.255.77.1/32", "dev", Interface);
        var options = DockerContext.Options(DockerOptions.Schema, ("discovery", "env"), ("interface", Interface), ("watchInterface", "true"));
        var sources = new PublicHostSources { Environment = _ => null };

        var host = await new PublicHostSearch(options, sources, TimeProvider.System).FindAsync(NullLogger.Instance, TestContext.Current.CancellationToken);
        var first = (host.Address, host.HasMoved());
        await IpAsync("addr", "delete", "10.255.77.1/32", "dev", Interface);
        var without = (host.Address, host.HasMoved());
        await IpAsync("addr", "add", "10.255.77.2/32", "dev", Interface);

        Assert.Equal(("10.255.77.1", false), first);
        Assert.Equal(("10.255.77.1", false), without);
        Assert.True(host.HasMoved());
        Assert.Equal("10.255.77.2", host.Address);
    }

    private static async Task IpAsync(params string[] arguments)
    {
        using var ip = Process.Start(TestMachine.Require("ip"), arguments);
        await ip.WaitForExitAsync();
        Assert.Equal(0, ip.ExitCode);
    }
}
