using Interlook.Services;

namespace Interlook.Provisioners;

/// <summary>
/// A provisioner that sees how the services fare that it deployed: which targets answer, and what they carry. An ability beside
/// <see cref="IProvisioner"/>; a provisioner that sees nothing of it leaves it out. Safe for concurrent use.
/// </summary>
public interface IConditionSource
{
    /// <summary>How a service fares at this moment. Never waits.</summary>
    /// <returns>Null when it is not deployed here.</returns>
    ServiceCondition? Find(ServiceKey key);

    /// <summary>
    /// Names the services whose health or remark changed; figures of traffic are no change. Several changes of one service may come as one,
    /// none is left out. For one reader, until it stops.
    /// </summary>
    /// <param name="stopping">Ends the stream.</param>
    IAsyncEnumerable<ServiceKey> WatchAsync(CancellationToken stopping);
}
