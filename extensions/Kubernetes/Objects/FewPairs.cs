using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>A handful of labels, most often one: looked through from the front, and a quarter of the room of a dictionary. Immutable.</summary>
internal sealed class FewPairs : IReadOnlyDictionary<string, string>
{
    private readonly string key;
    private readonly string value;
    private readonly FewPairs? rest; // null for none at all

    private FewPairs(string key, string value, FewPairs? rest) => (this.key, this.value, this.rest) = (key, value, rest);

    /// <summary>None.</summary>
    internal static FewPairs None { get; } = new("", "", null);

    /// <inheritdoc/>
    public int Count => rest is null ? 0 : 1 + rest.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => this.Select(pair => pair.Key);

    /// <inheritdoc/>
    public IEnumerable<string> Values => this.Select(pair => pair.Value);

    /// <inheritdoc/>
    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"there is no '{key}'");

    /// <inheritdoc/>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        for (var pair = this; pair.rest is not null; pair = pair.rest)
        {
            if (string.Equals(pair.key, key, StringComparison.Ordinal))
            {
                value = pair.value;
                return true;
            }
        }
        value = null;
        return false;
    }

    /// <summary>One more pair, before these.</summary>
    internal FewPairs Before(string anotherKey, string itsValue) => new(anotherKey, itsValue, this);

    /// <summary>True when this pair is all there is.</summary>
    internal bool IsOnly(string onlyKey, string itsValue) => rest == None && key == onlyKey && value == itsValue;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
    {
        for (var pair = this; pair.rest is not null; pair = pair.rest)
            yield return new(pair.key, pair.value);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
