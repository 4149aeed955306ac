using System.Collections.Immutable;
using Interlook.Collections;
using Interlook.Extensions.ExternalIp.Scheduling;

namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>The Services that ask for addresses. Safe for concurrent use.</summary>
internal interface IServiceDemands
{
    /// <summary>Follows them: first all, then all again after each change, by <c>namespace/name</c>.</summary>
    /// <exception cref="ExtensionException">The stream broke; begin anew.</exception>
    IAsyncEnumerable<ImmutableSortedDictionary<string, ServiceDemand>> WatchAsync(CancellationToken stopping);

    /// <summary>Writes into a Service, if it still is the one that was shown last; otherwise what it has become is shown, and nothing written.</summary>
    Task WriteAsync(ServiceWrite write, CancellationToken stopping);

    /// <summary>Tells the Services' owners why they have no address: all that are refused now, whenever that changes.</summary>
    /// <returns>False when something is left to tell.</returns>
    Task<bool> RefuseAsync(EquatableArray<ServiceRefusal> refusals, CancellationToken stopping);
}
