using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Objects;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>
/// Says in the status of Services that they wait for an address, and why, and takes that back when it is over: by server-side apply, so conditions
/// of others are left alone. Compares with what stands there, so nothing is remembered, and a scheduler that takes over makes good what another left.
/// Servers before 1.21 drop the conditions of Services. Not for concurrent use.
/// </summary>
internal sealed partial class RefusalConditions(ApiServer api, TimeProvider time, ILogger<RefusalConditions> logger)
{
    /// <summary>False while the Service waits; not there otherwise.</summary>
    internal const string ConditionType = "ipcontroller.ext/AddressAssigned";

    /// <summary>Whose the condition is, for the API server.</summary>
    private const string Manager = "ipclaim-scheduler";

    /// <summary>Written at once: an empty address pool may concern thousands of Services, and the API server has other work.</summary>
    private const int MostAtOnce = 200;

    /// <summary>Writes what is not yet as it should be.</summary>
    /// <param name="refusals">All that stand now; of one Service the first counts.</param>
    /// <param name="view">The Services.</param>
    /// <param name="stopping">Cancels it.</param>
    /// <returns>False when something is left to write.</returns>
    internal async Task<bool> TellAsync(IEnumerable<ServiceRefusal> refusals, ServiceView view, CancellationToken stopping)
    {
        var wanted = new Dictionary<string, ServiceRefusal>(StringComparer.Ordinal);
        foreach (var refusal in refusals)
            wanted.TryAdd(refusal.Service, refusal);
        var written = 0;
        foreach (var service in view.Cache.Objects.Values)
        {
            var stands = service.Status.Conditions.Where(condition => condition.Type == ConditionType).Select(condition => (Condition?)condition).FirstOrDefault();
            var refusal = wanted.GetValueOrDefault(service.Name.ToString());
            if (refusal is null ? stands is null : stands is { Status: Condition.False } said && said.Reason == $"{refusal.Reason}" && said.Message == refusal.Message)
                continue;
            if (++written > MostAtOnce)
                return false;
            try
            {
                await api.ApplyAsync(api.Kinds.Services, service.Name, "status", Manager, Patch(service, refusal, stands), stopping);
            }
            catch (ExtensionException failure) when (failure.Reason == Reason.Conflict)
            {
                // Made anew since: the next view shows it.
            }
            catch (ExtensionException failure)
            {
                Log.NotSaid(logger, service.Name.ToString(), failure.Message);
                return false; // the next would most likely fail the same way
            }
        }
        return true;
    }

    private byte[] Patch(Service service, ServiceRefusal? refusal, Condition? stands)
    {
        if (refusal is null)
            return ServiceStatusPatch.Of(service, null);
        var since = WrittenCondition.SinceWhen(stands, Condition.False, time);
        return ServiceStatusPatch.Of(service, new WrittenCondition(ConditionType, Condition.False, $"{refusal.Reason}", refusal.Message, since).WriteTo);
    }
}
