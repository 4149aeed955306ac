using Interlook.Engine;
using Interlook.Services;

namespace Interlook.Api.Naming;

/// <summary>The names under which the API shows entries and finds them again. A name that is shown always finds its entry.</summary>
internal static class EntryNames
{
    /// <summary>
    /// The service's name alone in the default workflow, else <c>workflow/service</c>. A service of the default workflow whose name
    /// reads like another entry's (<c>blue/shop</c>) is shown with its workflow, so that no two entries share a name.
    /// </summary>
    public static string Of(ServiceKey key, IEngine engine)
    {
        var text = key.ToString();
        return ServiceKey.TryParsePath(text, out var other) && other != key && engine.Find(other) is not null ? key.Path : text;
    }

    /// <summary>Finds an entry: <c>workflow/service</c>, then a service of the default workflow, then one of the only workflow that has it.</summary>
    public static Lookup Find(string text, IEngine engine)
    {
        var named = ServiceKey.TryParsePath(text, out var path) ? engine.Find(path) : null;
        if ((named ?? engine.Find(new ServiceKey(ServiceKey.DefaultWorkflow, text))) is { } entry)
            return new Lookup.Found(entry);

        var entries = engine.Entries();
        var bare = entries.Where(each => each.Key.Service == text).ToArray();
        return bare switch
        {
            [] => new Lookup.None(Nearest(text, entries.Select(each => Of(each.Key, engine)))),
            [var only] => new Lookup.Found(only),
            _ => new Lookup.Several([.. bare.Select(each => Of(each.Key, engine)).Order(StringComparer.Ordinal)]),
        };
    }

    /// <summary>The name that a slip of the fingers away was meant, or null.</summary>
    private static string? Nearest(string text, IEnumerable<string> names)
    {
        var bound = Math.Min(3, text.Length / 2) + 1;
        string? nearest = null;
        foreach (var name in names)
        {
            if (Math.Abs(name.Length - text.Length) >= bound)
                continue;
            var distance = Distance(text, name);
            if (distance < bound)
                (nearest, bound) = (name, distance);
        }
        return nearest;
    }

    /// <summary>How many letters must be added, removed or replaced (Levenshtein), without regard to case.</summary>
    private static int Distance(string left, string right)
    {
        var costs = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
            costs[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = costs[0];
            costs[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replace = diagonal + (char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1);
                diagonal = costs[j];
                costs[j] = Math.Min(replace, Math.Min(costs[j], costs[j - 1]) + 1);
            }
        }
        return costs[right.Length];
    }
}
