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
        json.WriteString("host"u8, value.Holder);
        json.WriteEndObject();
    }

    public Lease Read(string key, ref Utf8JsonReader json)
    {
        using var document = JsonDocument.ParseValue(ref json);
        var lease = Read(document.RootElement);
        if (lease.Address.ToString() != key)
            throw new JsonException($"the lease of {key} says it is of {lease.Address}");
        return ServiceKey.TryParsePath(lease.Holder, out _)
            ? lease
            : throw new JsonException($"the holder of {key}, '{lease.Holder}', is not of the form workflow/service");
    }

    /// <summary>The earlier system kept a list of <c>{ip, host}</c>, the host being the service's bare name.</summary>
    public IReadOnlyDictionary<string, Lease>? ReadEarlier(JsonElement document)
    {
        if (document.ValueKind != JsonValueKind.Array)
            return null;
        var leases = new Dictionary<string, Lease>(StringComparer.Ordinal);
        foreach (var item in document.EnumerateArray())
        {
            var lease = Read(item);
            if (!ServiceName.IsValid(lease.Holder, out var problem))
                throw new JsonException($"the holder of {lease.Address} {problem}");
            lease = lease with { Holder = new ServiceKey(ServiceKey.DefaultWorkflow, lease.Holder).Path };
            if (!leases.TryAdd(lease.Address.ToString(), lease) && leases[lease.Address.ToString()] != lease)
            {
                throw new JsonException(
                    $"{lease.Address} is leased twice, to '{leases[lease.Address.ToString()].Holder}' and to '{lease.Holder}': remove one of the two");
            }
        }
        return leases;
    }

    private static Lease Read(JsonElement fields) =>
        fields.ValueKind == JsonValueKind.Object
        && fields.TryGetProperty("ip", out var ip) && ip.ValueKind == JsonValueKind.String
        && fields.TryGetProperty("host", out var host) && host.ValueKind == JsonValueKind.String
            ? IPAddress.TryParse(ip.GetString(), out var address) && (ip.GetString()!.Contains(':') || address.ToString() == ip.GetString())
                ? new Lease(address, host.GetString()!)
                : throw new JsonException($"'{ip.GetString()}' is not an IP address")
            : throw new JsonException("a lease must have the texts ip and host");
}
