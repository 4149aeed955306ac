using Interlook.Extensions.Consul;
using Interlook.Fixtures;
using Interlook.Providers;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Consul;

/// <summary><c>provider.consul</c> shows what every provider must, on a real Consul.</summary>
public sealed class CatalogSpecificationTests(ConsulAgent consul) : ProviderSpecification, IClassFixture<ConsulAgent>
{
    protected override string ProviderName => ConsulExtensions.Catalog;

    public override async ValueTask InitializeAsync()
    {
        await consul.StartAsync();
        await consul.ClearAsync();
    }

    protected override IProvider Create() => new ConsulCatalogProvider(new() { Url = consul.Url }, TestContexts.Create(ProviderName));

    protected override Task PublishAsync(string name, string hostName) => consul.RegisterAsync(name, 8080, $"interlook.hosts={hostName}");

    protected override Task RemoveAsync(string name) => consul.DeregisterAsync(CatalogEntries.Node, name);

    protected override async Task<string> PublishUnusableAsync(string name)
    {
        await consul.RegisterAsync(name, 8080, "interlook.hosts=ok.example.org", "interlook.ssl=perhaps");
        return $"service {name}, instance {name} of node {CatalogEntries.Node}";
    }

    protected override Task RemoveUnusableAsync(string name) => RemoveAsync(name);

    protected override Task StopPlatformAsync() => consul.StopAsync();

    protected override Task StartPlatformAsync() => consul.StartAsync();
}
