using System.Net;
using Interlook.Configuration;
using Interlook.Extensions.Consul;
using Interlook.Fixtures;
using Interlook.Services;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Consul;

/// <summary>Tokens, on a real Consul that denies what no token allows.</summary>
public sealed class ConsulAccessTests
{
    private const string Master = "6d86ab79-4e4c-4b8a-a7a5-0b6cf9a3b1a7";

    private const string Acl = $$"""acl { enabled = true default_policy = "deny" tokens { master = "{{Master}}" agent = "{{Master}}" } }""";

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_the_right_the_deploy_is_unauthorized_and_the_token_is_not_shown()
    {
        await using var consul = new ConsulAgent { Configuration = Acl, Token = Master };
        await consul.StartAsync();
        var key = new ServiceKey(ServiceKey.DefaultWorkflow, "shop");
        var definition = new ServiceDefinition
        {
            Name = "shop",
            Provider = "provider.test",
            DnsNames = ["app"],
            PublicIp = IPAddress.Parse("127.10.0.1"),
        };
        var stranger = Provisioner(consul, null);
        var forger = Provisioner(consul, "11111111-2222-3333-4444-555555555555");
        var owner = Provisioner(consul, Master);
        await stranger.StartAsync(Stopping);
        await owner.StartAsync(Stopping);

        var denied = await Assert.ThrowsAsync<ExtensionException>(() => stranger.DeployAsync(key, definition, [], Stopping));
        var unknown = await Assert.ThrowsAsync<ExtensionException>(() => forger.StartAsync(Stopping));
        await owner.DeployAsync(key, definition, [], Stopping);

        Assert.Equal(Reason.Unauthorized, denied.Reason);
        Assert.Equal(Reason.Unauthorized, unknown.Reason);
        Assert.DoesNotContain("11111111", unknown.ToString(), StringComparison.Ordinal);
        Assert.Single(await consul.ReadCatalogAsync());
        await stranger.StopAsync(Stopping);
        await forger.StopAsync(Stopping);
        await owner.StopAsync(Stopping);
    }

    [Fact]
    public async Task The_catalog_is_read_with_a_token_that_may_read_and_an_unknown_one_stops_the_start()
    {
        await using var consul = new ConsulAgent { Configuration = Acl, Token = Master };
        await consul.StartAsync();
        await consul.RegisterAsync("shop", 8080, "interlook.hosts=shop.example.org");
        var forger = Provider(consul, "11111111-2222-3333-4444-555555555555");
        var reader = Provider(consul, Master);
        await reader.StartAsync(Stopping);

        var unknown = await Assert.ThrowsAsync<ExtensionException>(() => forger.StartAsync(Stopping));
        var shop = await reader.RefreshAsync("shop", Stopping);

        Assert.Equal(Reason.Unauthorized, unknown.Reason);
        Assert.Contains("node:read and service:read", unknown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("11111111", unknown.ToString(), StringComparison.Ordinal);
        Assert.NotNull(shop);
        await forger.StopAsync(Stopping);
        await reader.StopAsync(Stopping);
    }

    private static ConsulCatalogProvider Provider(ConsulAgent consul, string token) =>
        new(new() { Url = consul.Url, Token = new Secret(token) }, TestContexts.Create("provider.consul"));

    private static ConsulDnsProvisioner Provisioner(ConsulAgent consul, string? token) =>
        new(new() { Url = consul.Url, Token = token is null ? null : new Secret(token) }, TestContexts.Create("dns.consul"));
}
