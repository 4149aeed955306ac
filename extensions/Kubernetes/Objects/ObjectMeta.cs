using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>The metadata of an object (Kubernetes API conventions, section "Metadata"), without what is not used here.</summary>
internal sealed record ObjectMeta
{
    internal static ObjectMeta None { get; } = new();

    /// <summary>Its namespace; empty for an object of the whole cluster.</summary>
    public string Namespace { get => field ?? ""; init; }

    /// <summary>Its name, unique within kind and namespace at one time.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>Unique for ever: an object that is deleted and made again has another.</summary>
    public ObjectUid Uid { get; init; }

    /// <summary>The version of its content: opaque, only equality means something, but to <see cref="ResourceVersions"/>, which says why it may compare.</summary>
    public string ResourceVersion { get => field ?? ""; init; }

    /// <summary>When its deletion was asked for; null while it was not. Until its finalizers are done it goes on existing.</summary>
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary>Labels, only those with a key of <see cref="KeptPairs"/>.</summary>
    [JsonConverter(typeof(KeptPairs))]
    public IReadOnlyDictionary<string, string> Labels { get => field ?? FewPairs.None; init; }

    /// <summary>Annotations, only those with a key of <see cref="KeptPairs"/>.</summary>
    [JsonConverter(typeof(KeptPairs))]
    public IReadOnlyDictionary<string, string> Annotations { get => field ?? FewPairs.None; init; }

    /// <summary>Those of our kind that manage fields of it.</summary>
    [JsonPropertyName("managedFields")]
    [JsonConverter(typeof(FieldOwners))]
    public ImmutableArray<string> Managers { get => field.IsDefault ? [] : field; init; }
}
