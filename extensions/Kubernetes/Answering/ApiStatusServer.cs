using System.Text.Json;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>Writes through the calls of an API server.</summary>
internal sealed class ApiStatusServer(ApiServer api, TimeProvider time) : IStatusServer
{
    /// <inheritdoc/>
    public Task<Service?> ApplyAsync(Service service, string manager, WantedStatus wanted, CancellationToken stopping) =>
        api.ApplyAsync(api.Kinds.Services, service.Name, "status", manager, Body(service, wanted), stopping);

    /// <inheritdoc/>
    public Task CreateAsync(Event said, CancellationToken stopping) => api.CreateAsync(api.Kinds.Events, said, stopping);

    private byte[] Body(Service service, WantedStatus wanted) => ServiceStatusPatch.Of(
        service,
        wanted.ConditionFor(service, time) is not { } condition ? null : json =>
        {
            if (wanted.Ingress.Count > 0)
                WriteIngress(json, wanted);
            condition.WriteTo(json);
        });

    private static void WriteIngress(Utf8JsonWriter json, WantedStatus wanted)
    {
        json.WriteStartObject("loadBalancer");
        json.WriteStartArray("ingress");
        foreach (var place in wanted.Ingress)
        {
            json.WriteStartObject();
            if (place.Ip is { } address)
                json.WriteString("ip", address);
            if (place.Hostname is { } name)
                json.WriteString("hostname", name);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
