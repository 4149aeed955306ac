using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>The labels and annotations of an object that speak to Interlook, as one. An annotation wins over a label of the same key.</summary>
internal readonly struct ObjectLabels
{
    private readonly ObjectMeta meta;

    private ObjectLabels(ObjectMeta meta, IReadOnlyDictionary<string, string> pairs)
    {
        this.meta = meta;
        Pairs = pairs;
    }

    /// <summary>By key.</summary>
    internal IReadOnlyDictionary<string, string> Pairs { get; }

    /// <summary>True when they ask for publication.</summary>
    internal bool Ask => PublicationLabels.Ask(Pairs);

    /// <summary>The labels and annotations of an object.</summary>
    internal static ObjectLabels Of(KubernetesObject one)
    {
        var meta = one.Metadata;
        if (meta.Annotations.Count == 0)
            return new(meta, meta.Labels);
        return new(meta, meta.Labels.Count == 0 ? meta.Annotations : Join(meta.Labels, meta.Annotations));
    }

    /// <summary>What people call the place where a key is written: <c>annotation interlook.port</c>.</summary>
    internal string Called(string key) => meta.Labels.ContainsKey(key) && !meta.Annotations.ContainsKey(key) ? $"label {key}" : $"annotation {key}";

    private static Dictionary<string, string> Join(IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> annotations)
    {
        var joined = new Dictionary<string, string>(labels, StringComparer.Ordinal);
        foreach (var (key, value) in annotations)
            joined[key] = value;
        return joined;
    }
}
