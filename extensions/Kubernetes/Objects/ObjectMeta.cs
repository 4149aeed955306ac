using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>The metadata of an object (Kubernetes API conventions, section "Metadata"), without what is not used here.</summary>
internal readonly record struct ObjectMeta
{
    private readonly ulong version; // 0 where it is no number, or none
    private readonly string? otherVersion;
    private readonly long deletion; // in ticks of UTC; 0 is none

    /// <summary>Its namespace; empty for an object of the whole cluster.</summary>
    public string Namespace { get => field ?? ""; init; }

    /// <summary>Its name, unique within kind and namespace at one time.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>Unique for ever: an object that is deleted and made again has another.</summary>
    public ObjectUid Uid { get; init; }

    /// <summary>The version of its content: opaque, only equality means something, but to <see cref="ResourceVersions"/>, which says why it may compare.</summary>
    public string ResourceVersion
    {
        get => otherVersion ?? (version == 0 ? "" : Written(version));
        init
        {
            var isNumber = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out version) && version > 0 && Written(version) == value;
            otherVersion = isNumber ? null : value;
        }
    }

    /// <summary>When its deletion was asked for; null while it was not. Until its finalizers are done it goes on existing.</summary>
    public DateTimeOffset? DeletionTimestamp
    {
        get => deletion == 0 ? null : new DateTimeOffset(deletion, TimeSpan.Zero);
        init => deletion = value?.UtcTicks ?? 0;
    }

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

    private static string Written(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
