using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Interlook.Simulators.BigIp;

/// <summary>An object of the configuration. What it holds is never changed after it was stored.</summary>
/// <param name="Own">Its properties, as they were set or as they default.</param>
/// <param name="Parts">The objects of its sub-collection (members, rules), by name or path.</param>
/// <param name="Generation">Grows with each change.</param>
internal sealed record Stored(JsonObject Own, ImmutableSortedDictionary<string, JsonObject> Parts, long Generation)
{
    internal static ImmutableSortedDictionary<string, JsonObject> NoParts { get; } =
        ImmutableSortedDictionary.Create<string, JsonObject>(StringComparer.Ordinal);

    internal string Text(string name) => (string?)Own[name] ?? "";

    /// <summary>The properties with others over them.</summary>
    internal static JsonObject Merge(JsonObject properties, JsonObject over)
    {
        var merged = (JsonObject)properties.DeepClone();
        foreach (var (name, value) in over)
            merged[name] = value?.DeepClone();
        return merged;
    }
}
