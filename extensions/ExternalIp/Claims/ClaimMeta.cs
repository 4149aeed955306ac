using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.ExternalIp.Claims;

/// <summary>The metadata of a record, as Kubernetes writes it. What is not understood here is kept and written back.</summary>
internal sealed record ClaimMeta
{
    /// <summary>The name, unique within a kind.</summary>
    public string Name { get => field ?? ""; init; }

    public ImmutableSortedDictionary<string, string> Labels { get => field ?? ImmutableSortedDictionary<string, string>.Empty; init; }

    public ImmutableArray<ClaimOwner> OwnerReferences { get => field.IsDefault ? [] : field; init; }

    /// <summary>When somebody asked for the deletion of a record that is still held; null mostly.</summary>
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary>Everything else that stands there: uid, version, annotations, finalizers, managers.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }

    internal static ClaimMeta Named(string name) => new() { Name = name };

    /// <summary>One label changed, the others kept; null removes it.</summary>
    internal ClaimMeta WithLabel(string key, string? value) =>
        this with { Labels = value is null ? Labels.Remove(key) : Labels.SetItem(key, value) };
}
