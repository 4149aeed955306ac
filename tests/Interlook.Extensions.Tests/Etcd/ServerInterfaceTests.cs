using Interlook.Extensions.Etcd;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.Extensions.Tests.Etcd;

/// <summary><c>api: auto</c>, on real servers.</summary>
public sealed class ServerInterfaceTests
{
    [Fact]
    public async Task A_server_that_has_v2_is_spoken_to_through_v2()
    {
        await using var etcd = new EtcdServer();
        await etcd.StartAsync();

        Assert.Equal("v2", await FindAsync(etcd.Url));
    }

    [Fact]
    public async Task A_server_without_v2_is_spoken_to_through_v3()
    {
        await using var etcd = new EtcdServer { Flags = ["--enable-v2=false"] };
        await etcd.StartAsync();

        Assert.Equal("v3", await FindAsync(etcd.Url));
    }

    [Fact]
    public async Task Where_nobody_answers_nothing_is_decided()
    {
        var nobody = new Uri($"http://127.0.0.1:{TestMachine.FreePort()}");

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => FindAsync(nobody));

        Assert.Equal(Reason.Unreachable, failure.Reason);
    }

    private static Task<string> FindAsync(Uri endpoint) => ServerInterface.FindAsync(
        new SkyDnsOptions { Endpoints = [endpoint] }, TimeProvider.System, TestContext.Current.CancellationToken);
}
