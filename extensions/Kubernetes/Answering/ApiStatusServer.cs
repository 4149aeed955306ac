using System.Buffers;
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

    // With the uid: a Service that was made anew under the name is another one, and the server says so.
    private byte[] Body(Service service, WantedStatus wanted)
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
            if (wanted.IsPublished is { } isPublished) // else no member at all: an empty one would be ours too
            {
                json.WriteStartObject("status");
                if (wanted.Ingress.Count > 0)
                    WriteIngress(json, wanted);
                WriteCondition(json, service, wanted, isPublished);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

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

    private void WriteCondition(Utf8JsonWriter json, Service service, WantedStatus wanted, bool isPublished)
    {
        json.WriteStartArray("conditions");
        json.WriteStartObject();
        json.WriteString("type", WantedStatus.ConditionType);
        json.WriteString("status", isPublished ? Condition.True : Condition.False);
        json.WriteString("reason", wanted.Reason);
        json.WriteString("message", wanted.Message);
        // The API keeps whole seconds (RFC 3339).
        json.WriteString("lastTransitionTime", wanted.SinceWhen(service, time).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
