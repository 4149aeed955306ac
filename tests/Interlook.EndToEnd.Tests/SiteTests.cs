using Interlook.Fixtures;
using Xunit;

namespace Interlook.EndToEnd.Tests;

/// <summary>Tests at a site of their own.</summary>
[Collection(RealServers.Name)]
public abstract class SiteTests(Servers servers) : IAsyncLifetime
{
    private Site? site;

    private protected Site Site => site ?? throw new InvalidOperationException("the site was not opened");

    private protected DockerEngine Docker => Site.Servers.Docker;

    private protected ConsulAgent Consul => Site.Servers.Consul;

    private protected HAProxyServer HAProxy => Site.HAProxy;

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync() => site = await Site.OpenAsync(servers);

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        if (site is not null)
            await site.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
