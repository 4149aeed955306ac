using System.Net;
using System.Text.Json;
using Interlook.Collections;
using Interlook.Services;

namespace Interlook.Extensions.FileStore;

/// <summary>One definition in JSON, whole or as the difference from another.</summary>
internal static class DefinitionJson
{
    /// <summary>Writes a definition.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="definition">What.</param>
    /// <param name="reference">What a reader knows already; members equal to its are left out. Null writes all.</param>
    internal static void Write(Utf8JsonWriter json, ServiceDefinition definition, ServiceDefinition? reference)
    {
        json.WriteStartObject();
        if (reference is null || definition.Name != reference.Name)
            json.WriteString("name"u8, definition.Name);
        if (reference is null || definition.Provider != reference.Provider)
            json.WriteString("provider"u8, definition.Provider);
        if (reference is null || definition.Targets != reference.Targets)
            WriteTargets(json, definition.Targets);
        if (reference is null || definition.Tls != reference.Tls)
            json.WriteBoolean("tls"u8, definition.Tls);
        if (reference is null || !Equals(definition.PublicIp, reference.PublicIp))
            json.WriteString("public_ip"u8, definition.PublicIp?.ToString() ?? "");
        if (reference is null || definition.DnsNames != reference.DnsNames)
        {
            json.WriteStartArray("dns_name"u8);
            foreach (var name in definition.DnsNames)
                json.WriteStringValue(name);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    internal static ServiceDefinition Read(JsonElement fields, ServiceDefinition? reference) => new()
    {
        Name = reference is null || fields.Has("name") ? fields.Text("name") : reference.Name,
        Provider = reference is null || fields.Has("provider") ? string.Intern(fields.Text("provider")) : reference.Provider,
        Targets = reference is null || fields.Has("targets") ? ReadTargets(fields) : reference.Targets,
        Tls = reference is null || fields.Has("tls") ? fields.Flag("tls") : reference.Tls,
        PublicIp = reference is null || fields.Has("public_ip") ? Address(fields.Text("public_ip")) : reference.PublicIp,
        DnsNames = reference is null || fields.Has("dns_name") ? Names(fields.Items("dns_name")) : reference.DnsNames,
    };

    /// <summary>Reads an address; an empty text is none.</summary>
    internal static IPAddress? Address(string text) =>
        text.Length == 0 ? null
        : Read(text) ?? throw new JsonException($"'{text}' is not an IP address");

    // The runtime reads 192.168.99 as 192.168.0.99: what is not written in full is damaged, not an address.
    private static IPAddress? Read(string text) =>
        IPAddress.TryParse(text, out var address) && (text.Contains(':') || address.ToString() == text) ? address : null;

    private static void WriteTargets(Utf8JsonWriter json, EquatableArray<Target> targets)
    {
        json.WriteStartArray("targets"u8);
        foreach (var target in targets)
        {
            json.WriteStartObject();
            json.WriteString("host"u8, target.Host);
            json.WriteNumber("port"u8, target.Port);
            json.WriteNumber("weight"u8, target.Weight);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    // Interned: many services share their targets' hosts, so 100,000 of them hold few texts.
    private static EquatableArray<Target> ReadTargets(JsonElement fields) =>
        fields.Items("targets")
            .Select(target => new Target(string.Intern(target.Text("host")), target.Number("port"), target.Number("weight")))
            .ToEquatableArray();

    private static EquatableArray<string> Names(JsonElement.ArrayEnumerator names) =>
        names.Select(name => name.GetString() ?? throw new JsonException("dns_name holds something else than texts")).ToEquatableArray();
}
