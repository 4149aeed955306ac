using System.Collections.Concurrent;

namespace Interlook.Extensions;

/// <summary>
/// Where the extensions of one product find what they share while one Interlook runs: a connection, a cache. One for each engine. Safe for
/// concurrent use.
/// </summary>
public sealed class SharedParts
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> parts = new();

    /// <summary>The part of that type; the first who asks makes it.</summary>
    /// <param name="make">Makes it; called once. Does no I/O.</param>
    public T Of<T>(Func<T> make)
        where T : class =>
        (T)parts.GetOrAdd(typeof(T), _ => new Lazy<object>(make)).Value;
}
