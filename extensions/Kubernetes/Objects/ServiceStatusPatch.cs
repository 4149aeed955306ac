using System.Buffers;
using System.Text.Json;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>The body of a server-side apply to the status of a Service.</summary>
internal static class ServiceStatusPatch
{
    /// <summary>Writes it. With the uid: a Service that was made anew under the name is another one, and the server says so.</summary>
    /// <param name="service">Whose status it is.</param>
    /// <param name="writeStatus">Writes the members of the status; null for none, which removes what was ours: an empty status would be ours too.</param>
    /// <returns>JSON.</returns>
    internal static byte[] Of(Service service, Action<Utf8JsonWriter>? writeStatus)
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
            if (writeStatus is not null)
            {
                json.WriteStartObject("status");
                writeStatus(json);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
