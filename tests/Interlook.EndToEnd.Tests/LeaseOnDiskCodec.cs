using System.Text.Json;
using Interlook.Storage;

namespace Interlook.EndToEnd.Tests;

/// <summary>Reads leases as an operator would who looks into the file.</summary>
internal sealed class LeaseOnDiskCodec : IRecordCodec<LeaseOnDisk>
{
    /// <inheritdoc/>
    public string Plural => "leases";

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json, LeaseOnDisk value)
    {
        json.WriteStartObject();
        json.WriteString("ip", value.Address);
        json.WriteString("host", value.Holder);
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    public LeaseOnDisk Read(string key, ref Utf8JsonReader json)
    {
        using var lease = JsonDocument.ParseValue(ref json);
        return lease.RootElement.GetProperty("ip").GetString() == key
            ? new LeaseOnDisk(key, lease.RootElement.GetProperty("host").GetString()!)
            : throw new JsonException($"the lease of {key} is of another address");
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, LeaseOnDisk>? ReadEarlier(JsonElement document) => null;
}
