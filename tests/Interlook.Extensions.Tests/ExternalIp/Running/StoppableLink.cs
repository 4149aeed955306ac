using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Interlook.Extensions.ExternalIp.Linux;

namespace Interlook.Extensions.Tests.ExternalIp.Running;

/// <summary>An interface that a process can no longer reach, as if it were stopped: the kernel keeps what it has, and ends it in its time.</summary>
internal sealed class StoppableLink(ILink link) : ILink
{
    private volatile bool isStopped;

    public string Name => link.Name;

    public bool IsStopped
    {
        get => isStopped;
        set => isStopped = value;
    }

    public LinkView Read() => Reach().Read();

    public ImmutableArray<AddressFailure> Add(IReadOnlyCollection<LinkAddress> addresses, TimeSpan lifetime) => Reach().Add(addresses, lifetime);

    public ImmutableArray<AddressFailure> Renew(IReadOnlyCollection<LinkAddress> addresses, TimeSpan lifetime) => Reach().Renew(addresses, lifetime);

    public ImmutableArray<AddressFailure> Remove(IReadOnlyCollection<LinkAddress> addresses) => Reach().Remove(addresses);

    public void Announce(IReadOnlyCollection<IPAddress> addresses) => Reach().Announce(addresses);

    public Task<ImmutableDictionary<IPAddress, PhysicalAddress>> ProbeAsync(IReadOnlyCollection<IPAddress> addresses, CancellationToken stopping) =>
        Reach().ProbeAsync(addresses, stopping);

    public IAsyncEnumerable<LinkNews> FollowAsync(CancellationToken stopping) => link.FollowAsync(stopping);

    public void Dispose() => link.Dispose();

    private ILink Reach() => isStopped ? throw new ExtensionException(Reason.Unavailable, "stopped") : link;
}
