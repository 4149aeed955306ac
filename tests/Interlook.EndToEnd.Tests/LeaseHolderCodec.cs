using System.Text.Json;
using Interlook.Storage;

namespace Interlook.EndToEnd.Tests;

/// <summary>Reads who holds a lease, as an operator would who looks into the file.</summary>
internal sealed class LeaseHolderCodec : IRecordCodec<string>
{
    /// <inheritdoc/>
    public string Plural => "leases";

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json, string value) => throw new NotSupportedException("the tests only read leases");

    /// <inheritdoc/>
    public string Read(string key, ref Utf8JsonReader json)
    {
        using var lease = JsonDocument.ParseValue(ref json);
        return lease.RootElement.GetProperty("ip").GetString() == key
            ? lease.RootElement.GetProperty("host").GetString()!
            : throw new JsonException($"the lease of {key} is of another address");
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string>? ReadEarlier(JsonElement document) => null;
}
