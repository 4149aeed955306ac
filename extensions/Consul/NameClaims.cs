using Interlook.Services;

namespace Interlook.Extensions.Consul;

/// <summary>
/// Keeps two services from registering one name at the same moment, when neither sees the other in the catalog yet. A claim lasts for one
/// call; afterwards the catalog itself says who holds the name. Safe for concurrent use.
/// </summary>
internal sealed class NameClaims
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<(ConsulName Name, ServiceKey Key)>> byService = new(StringComparer.Ordinal);

    /// <summary>Claims all names, or none.</summary>
    /// <returns>Gives the claims back when disposed.</returns>
    /// <exception cref="ExtensionException">Another service is registering one of them.</exception>
    internal IDisposable Claim(IReadOnlyList<Registration> wanted)
    {
        lock (gate)
        {
            foreach (var registration in wanted)
                RequireFree(registration);
            foreach (var registration in wanted)
            {
                if (!byService.TryGetValue(registration.Name.Service, out var claims))
                    byService[registration.Name.Service] = claims = [];
                claims.Add((registration.Name, registration.Key));
            }
        }
        return new Claims(this, wanted);
    }

    private void RequireFree(Registration wanted)
    {
        if (!byService.TryGetValue(wanted.Name.Service, out var claims))
            return;
        foreach (var (name, key) in claims)
        {
            if (key != wanted.Key && name.MixesWith(wanted.Name))
            {
                throw new ExtensionException(
                    Reason.Conflict, $"{wanted} cannot be registered: service {key} is registering {name} at this moment");
            }
        }
    }

    private void Release(IReadOnlyList<Registration> wanted)
    {
        lock (gate)
        {
            foreach (var registration in wanted)
            {
                var claims = byService[registration.Name.Service];
                claims.Remove((registration.Name, registration.Key));
                if (claims.Count == 0)
                    byService.Remove(registration.Name.Service);
            }
        }
    }

    private sealed class Claims(NameClaims owner, IReadOnlyList<Registration> wanted) : IDisposable
    {
        public void Dispose() => owner.Release(wanted);
    }
}
