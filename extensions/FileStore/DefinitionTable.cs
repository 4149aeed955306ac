using System.Text.Json;
using Interlook.Services;

namespace Interlook.Extensions.FileStore;

/// <summary>The distinct definitions of one entry, by number: 0 is its service. Equal definitions become one instance.</summary>
internal sealed class DefinitionTable(ServiceDefinition service)
{
    private List<ServiceDefinition>? others;

    /// <summary>The definition of a number.</summary>
    internal ServiceDefinition this[int number] =>
        number == 0 ? service
        : others is not null && number > 0 && number <= others.Count ? others[number - 1]
        : throw new JsonException($"there is no definition {number}");

    /// <summary>The number of a definition, a new one when it is new.</summary>
    internal int NumberOf(ServiceDefinition definition)
    {
        if (ReferenceEquals(definition, service) || definition == service)
            return 0;
        others ??= [];
        var index = others.IndexOf(definition);
        if (index < 0)
        {
            index = others.Count;
            others.Add(definition);
        }
        return index + 1;
    }

    /// <summary>Writes the definitions besides the service.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        if (others is null)
            return;
        json.WriteStartArray("definitions"u8);
        foreach (var definition in others)
            DefinitionJson.Write(json, definition, service);
        json.WriteEndArray();
    }

    /// <summary>Reads an entry's definitions.</summary>
    internal static DefinitionTable Read(JsonElement entry)
    {
        if (!entry.Has("service"))
            throw new JsonException("service is missing");
        var service = DefinitionJson.Read(entry.GetProperty("service"u8), null);
        var table = new DefinitionTable(service);
        if (entry.Has("definitions"))
            table.others = [.. entry.Items("definitions").Select(definition => DefinitionJson.Read(definition, service))];
        return table;
    }
}
