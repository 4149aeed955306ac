using System.Net;
using System.Text.Json;
using Interlook.Services;
using Interlook.Storage;

namespace Interlook.Extensions.Ipalloc;

/// <summary>Leases in JSON, with the earlier system's names: <c>{"ip": "10.0.0.1", "host": "default/shop"}</c>.</summary>
internal sealed class LeaseCodec : IRecordCodec<Lease>
{
    public string Plural => "leases";

    public void Write(Utf8JsonWriter json, Lease value)
    {
        json.WriteStartObject();
        json.WriteString("ip"u8, value.Address.ToString());
        json.WriteString("host"u8, value.Holder.Path);
        json.WriteEndObject();
    }

    public Lease Read(string key, ref Utf8JsonReader json)
    {
        using var document = JsonDocument.ParseValue(ref json);
        var (address, host) = Read(document.RootElement);
        if (address.ToString() != key)
            throw new JsonException($"the lease of {key} says it is of {address}");
        return ServiceKey.TryParsePath(host, out var holder)
            ? new Lease(address, holder with { Workflow = string.Intern(holder.Workflow) })
            : throw new JsonException($"the holder of {key}, '{host}', is not of the form workflow/service");
    }

    /// <summary>The earlier system kept a list of <c>{ip, host}</c>, the host being the service's bare name.</summary>
    public IReadOnlyDictionary<string, Lease>? ReadEarlier(JsonElement document)
    {
        if (document.ValueKind != JsonValueKind.Array)
            return null;
        var leases = new Dictionary<string, Lease>(StringComparer.Ordinal);
        foreach (var item in document.EnumerateArray())
        {
            var (address, host) = Read(item);
            if (!ServiceName.IsValid(host, out var problem))
                throw new JsonException($"the holder of {address} {problem}");
            var lease = new Lease(address, new ServiceKey(ServiceKey.DefaultWorkflow, host));
            if (!leases.TryAdd(lease.Address.ToString(), lease) && leases[lease.Address.ToString()] != lease)
            {
                throw new JsonException(
                    $"{lease.Address} is leased twice, to '{leases[lease.Address.ToString()].Holder.Path}' and to '{lease.Holder.Path}': remove one of the two");
            }
        }
        return leases;
    }

    private static (IPAddress Address, string Host) Read(JsonElement fields) =>
        fields.ValueKind == JsonValueKind.Object
        && fields.TryGetProperty("ip", out var ip) && ip.ValueKind == JsonValueKind.String
        && fields.TryGetProperty("host", out var host) && host.ValueKind == JsonValueKind.String
            ? IPAddress.TryParse(ip.GetString(), out var address) && (ip.GetString()!.Contains(':') || address.ToString() == ip.GetString())
                ? (address, host.GetString()!)
                : throw new JsonException($"'{ip.GetString()}' is not an IP address")
            : throw new JsonException("a lease must have the texts ip and host");
}
