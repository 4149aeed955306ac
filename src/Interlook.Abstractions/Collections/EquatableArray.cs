using System.Collections;
using System.Runtime.CompilerServices;

namespace Interlook.Collections;

/// <summary>
/// An immutable array that compares by content, so that a record holding one is equal to another that says the same.
/// The default value is the empty array. Safe to share between threads.
/// </summary>
/// <typeparam name="T">What the array holds; compared with its default comparer.</typeparam>
[CollectionBuilder(typeof(EquatableArray), nameof(EquatableArray.Create))]
public readonly struct EquatableArray<T> : IReadOnlyList<T>, IEquatable<EquatableArray<T>>
{
    private readonly T[]? items;

    internal EquatableArray(T[] items) => this.items = items.Length == 0 ? null : items;

    /// <summary>How many items there are.</summary>
    public int Count => items?.Length ?? 0;

    /// <summary>The item at a position, counted from 0.</summary>
    public T this[int index] => items is null ? throw new ArgumentOutOfRangeException(nameof(index)) : items[index];

    /// <summary>The items, without a copy.</summary>
    public ReadOnlySpan<T> AsSpan() => items;

    /// <summary>A copy with another item at a position.</summary>
    public EquatableArray<T> SetItem(int index, T item)
    {
        var copy = AsSpan().ToArray();
        copy[index] = item;
        return new(copy);
    }

    /// <summary>A copy with one more item before a position.</summary>
    public EquatableArray<T> Insert(int index, T item)
    {
        var copy = new T[Count + 1];
        AsSpan()[..index].CopyTo(copy);
        copy[index] = item;
        AsSpan()[index..].CopyTo(copy.AsSpan(index + 1));
        return new(copy);
    }

    /// <inheritdoc/>
    public bool Equals(EquatableArray<T> other) =>
        ReferenceEquals(items, other.items) || AsSpan().SequenceEqual(other.AsSpan(), EqualityComparer<T>.Default);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EquatableArray<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in AsSpan())
            hash.Add(item);
        return hash.ToHashCode();
    }

    /// <summary>Walks the items without allocating.</summary>
    public ReadOnlySpan<T>.Enumerator GetEnumerator() => AsSpan().GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)(items ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => (items ?? []).GetEnumerator();

    /// <summary>Equal in content.</summary>
    public static bool operator ==(EquatableArray<T> left, EquatableArray<T> right) => left.Equals(right);

    /// <summary>Different in content.</summary>
    public static bool operator !=(EquatableArray<T> left, EquatableArray<T> right) => !left.Equals(right);
}

/// <summary>Makes an <see cref="EquatableArray{T}"/>.</summary>
public static class EquatableArray
{
    /// <summary>Copies the items; what collection expressions call.</summary>
    public static EquatableArray<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());

    /// <summary>Copies a sequence.</summary>
    public static EquatableArray<T> ToEquatableArray<T>(this IEnumerable<T> items) => new(items.ToArray());
}
