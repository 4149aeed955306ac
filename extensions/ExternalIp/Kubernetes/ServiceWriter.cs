using System.Buffers;
using System.Text.Json;
using Interlook.Collections;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>
/// Writes the addresses of Services. Each write names the version that it follows, so what somebody else put there meanwhile is never overwritten.
/// Safe for concurrent use.
/// </summary>
internal sealed class ServiceWriter(ApiServer api, ServiceReading reading)
{
    /// <summary>A Service that others change so often is left to the next pass.</summary>
    private const int MostAttempts = 3;

    /// <summary>Writes.</summary>
    /// <param name="write">What shall stand there.</param>
    /// <param name="view">The Services as they were when that was decided.</param>
    /// <param name="stopping">Cancels it.</param>
    /// <returns>Written, Missing, or Conflict when the Service says something else by now: decide anew.</returns>
    /// <exception cref="ExtensionException">Nobody knows what became of it.</exception>
    internal async Task<WriteOutcome> WriteAsync(ServiceWrite write, ServiceView view, CancellationToken stopping)
    {
        if (!ObjectName.TryParse(write.Service, out var name) || view.Cache.Find(name) is not { } service)
            return WriteOutcome.Missing;
        var decidedOn = reading.Of(service);
        var uid = service.Metadata.Uid;
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            try
            {
                if (write.ExternalIps != decidedOn.ExternalIps)
                {
                    if (await MergeAsync(service, "", SpecOf(service, write.ExternalIps), stopping) is not { } changed)
                        return WriteOutcome.Missing;
                    (service, decidedOn) = (changed, decidedOn with { ExternalIps = write.ExternalIps });
                }
                return write.Ingress is { } ingress && ingress != decidedOn.Ingress
                    && await MergeAsync(service, "status", StatusOf(service, ingress), stopping) is null
                        ? WriteOutcome.Missing
                        : WriteOutcome.Written;
            }
            catch (ExtensionException failure) when (failure.Reason == Reason.Conflict)
            {
                // Mostly somebody changed what is not ours to judge: then what was decided still holds.
                if (await api.GetAsync(api.Kinds.Services, name, stopping) is not { } now || now.Metadata.Uid != uid)
                    return WriteOutcome.Missing;
                if (reading.Of(now) != decidedOn)
                    return WriteOutcome.Conflict;
                service = now;
            }
        }
        return WriteOutcome.Conflict;
    }

    private Task<Service?> MergeAsync(Service service, string part, byte[] patch, CancellationToken stopping) =>
        api.MergeAsync(api.Kinds.Services, service.Name, part, patch, stopping);

    private static byte[] SpecOf(Service service, EquatableArray<string> externalIps) => Patch(service, json =>
    {
        json.WriteStartObject("spec");
        json.WriteStartArray("externalIPs");
        foreach (var address in externalIps)
            json.WriteStringValue(address);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Host names in the status are another's; addresses of a Service that is ours are ours.</summary>
    private static byte[] StatusOf(Service service, EquatableArray<string> ingress) => Patch(service, json =>
    {
        json.WriteStartObject("status");
        json.WriteStartObject("loadBalancer");
        json.WriteStartArray("ingress");
        foreach (var (key, text) in ingress.Select(address => ("ip", address)).Concat(HostNames(service)))
        {
            json.WriteStartObject();
            json.WriteString(key, text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static IEnumerable<(string Key, string Text)> HostNames(Service service) =>
        ServiceReading.Places(service).Where(place => place.Ip is null && place.Hostname is not null).Select(place => ("hostname", place.Hostname!));

    private static byte[] Patch(Service service, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("metadata");
            // No uid: a server refuses another one as wrong instead of as a conflict, and a Service that was made anew has another version anyhow.
            json.WriteString("resourceVersion", service.Metadata.ResourceVersion);
            json.WriteEndObject();
            write(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
