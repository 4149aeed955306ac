using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interlook.Collections;
using Interlook.Extensions.ExternalIp.Scheduling;

namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>Where there is no Kubernetes nobody asks but <c>vip.externalip</c>, which writes its claims itself.</summary>
internal sealed class NoServices : IServiceDemands
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<ImmutableSortedDictionary<string, ServiceDemand>> WatchAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        yield return ImmutableSortedDictionary<string, ServiceDemand>.Empty;
        await new TaskCompletionSource().Task.WaitAsync(stopping);
    }

    /// <inheritdoc/>
    public Task WriteAsync(ServiceWrite write, CancellationToken stopping) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<bool> RefuseAsync(EquatableArray<ServiceRefusal> refusals, CancellationToken stopping) => Task.FromResult(true);
}
