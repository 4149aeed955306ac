using System.Net;
using Interlook.Collections;

namespace Interlook.Services;

/// <summary>
/// The immutable description of a service at one moment. Targets and names are held in canonical order, so two definitions that mean
/// the same are equal, whatever order their platform listed them in. Safe to share between threads.
/// </summary>
public sealed record ServiceDefinition
{
    /// <summary>The service's name, unique within its provider. See <see cref="ServiceName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The extension that found it, for example <c>provider.docker</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>
    /// Where its traffic goes. Empty while the service exists and nothing in it is ready: it keeps its address and gets no traffic.
    /// Targets with the same host and port are one, with the sum of their weights (at most <see cref="Target.MaxWeight"/>).
    /// </summary>
    public EquatableArray<Target> Targets
    {
        get;
        init => field = Canonical(value);
    }

    /// <summary>True when the targets speak TLS; the load balancer then listens on its HTTPS port and passes TLS through.</summary>
    public bool Tls { get; init; }

    /// <summary>The host names clients use, canonical as <see cref="HostName"/> makes them, sorted, each once. May be empty.</summary>
    public EquatableArray<string> DnsNames
    {
        get;
        init => field = Canonical(value);
    }

    /// <summary>
    /// The address clients use. From a provider: the address the service asks for, or null. After an address step: the address it leased.
    /// </summary>
    public IPAddress? PublicIp { get; init; }

    private static EquatableArray<Target> Canonical(EquatableArray<Target> targets)
    {
        if (targets.Count < 2)
            return targets;
        return targets
            .GroupBy(target => (target.Host, target.Port))
            .Select(same => new Target(same.Key.Host, same.Key.Port, Math.Min(Target.MaxWeight, same.Sum(target => target.Weight))))
            .Order()
            .ToEquatableArray();
    }

    private static EquatableArray<string> Canonical(EquatableArray<string> names) =>
        names.Count < 2 ? names : names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToEquatableArray();
}
