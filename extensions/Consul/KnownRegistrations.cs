using Interlook.Services;

namespace Interlook.Extensions.Consul;

/// <summary>
/// The service IDs that each service has, or may have, on our node: more than the definitions tell after <c>domain</c> was changed. A hint
/// for removals only: one ID too many costs a call that removes nothing. Safe for concurrent use.
/// </summary>
internal sealed class KnownRegistrations
{
    private readonly Lock gate = new();
    private readonly Dictionary<ServiceKey, HashSet<string>> ids = [];

    internal void Add(ServiceKey key, string id)
    {
        lock (gate)
        {
            if (!ids.TryGetValue(key, out var known))
                ids[key] = known = new(StringComparer.Ordinal);
            known.Add(id);
        }
    }

    internal void Remove(ServiceKey key, string id)
    {
        lock (gate)
        {
            if (ids.TryGetValue(key, out var known) && known.Remove(id) && known.Count == 0)
                ids.Remove(key);
        }
    }

    internal string[] Of(ServiceKey key)
    {
        lock (gate)
            return ids.TryGetValue(key, out var known) ? [.. known] : [];
    }
}
