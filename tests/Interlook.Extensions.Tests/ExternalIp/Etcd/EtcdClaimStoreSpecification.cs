using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Etcd;
using Interlook.Extensions.Tests.ExternalIp.Claims;
using Interlook.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Etcd;

/// <summary>The claims in a real etcd show what the claims protocol rests on.</summary>
public sealed class EtcdClaimStoreSpecification(EtcdServer etcd) : ClaimStoreSpecification, IClassFixture<EtcdServer>, IDisposable
{
    private EtcdClaimStore? store;

    private protected override async Task<IClaimStore> OpenAsync()
    {
        await etcd.StartAsync();
        await etcd.ClearAsync();
        return store = new EtcdClaimStore(new() { Endpoints = [etcd.Url] }, null, TimeProvider.System, NullLoggerFactory.Instance);
    }

    public void Dispose() => store?.Dispose();
}
