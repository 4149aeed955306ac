using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>A handful of labels: looked through from the front, and a third of the room of a dictionary. Immutable.</summary>
/// <param name="pairs">Keys, each with its value after it.</param>
internal sealed class FewPairs(string[] pairs) : IReadOnlyDictionary<string, string>
{
    /// <summary>None.</summary>
    internal static FewPairs None { get; } = new([]);

    /// <inheritdoc/>
    public int Count => pairs.Length / 2;

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
        for (var at = 0; at < pairs.Length; at += 2)
        {
            if (string.Equals(pairs[at], key, StringComparison.Ordinal))
            {
                value = pairs[at + 1];
                return true;
            }
        }
        value = null;
        return false;
    }

    /// <summary>True when this pair is all there is.</summary>
    internal bool IsOnly(string key, string value) => pairs is [var first, var second] && first == key && second == value;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
    {
        for (var at = 0; at < pairs.Length; at += 2)
            yield return new(pairs[at], pairs[at + 1]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
