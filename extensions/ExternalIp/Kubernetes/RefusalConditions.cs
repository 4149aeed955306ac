using System.Buffers;
using System.Globalization;
using System.Text.Json;
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
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("apiVersion", "v1");
            json.WriteString("kind", "Service");
            json.WriteStartObject("metadata");
            json.WriteString("name", service.Metadata.Name);
            json.WriteString("namespace", service.Metadata.Namespace);
            json.WriteString("uid", service.Metadata.Uid.ToString());
            json.WriteEndObject();
            if (refusal is not null) // else no member at all: what was ours before is removed
            {
                json.WriteStartObject("status");
                Write(json, refusal, stands);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter json, ServiceRefusal refusal, Condition? stands)
    {
        var since = stands is { Status: Condition.False, LastTransitionTime: { } known } ? known : time.GetUtcNow();
        json.WriteStartArray("conditions");
        json.WriteStartObject();
        json.WriteString("type", ConditionType);
        json.WriteString("status", Condition.False);
        json.WriteString("reason", $"{refusal.Reason}");
        json.WriteString("message", refusal.Message);
        // The API keeps whole seconds (RFC 3339).
        json.WriteString("lastTransitionTime", since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
