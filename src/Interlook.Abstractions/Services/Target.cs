namespace Interlook.Services;

/// <summary>One address that gets a service's traffic.</summary>
/// <param name="Host">An IP address in canonical text form, or a host name. IPv6 without brackets.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Weight">Share of the traffic relative to the service's other targets; 0 to 256, 0 takes no new traffic.</param>
public sealed record Target(string Host, int Port, int Weight = 1) : IComparable<Target>
{
    /// <summary>The largest weight a target may carry (HAProxy's bound, the lowest among the load balancers).</summary>
    public const int MaxWeight = 256;

    /// <summary>Canonical order: by host (ordinal), then port, then weight.</summary>
    public int CompareTo(Target? other)
    {
        if (other is null)
            return 1;
        var byHost = string.CompareOrdinal(Host, other.Host);
        if (byHost != 0)
            return byHost;
        var byPort = Port.CompareTo(other.Port);
        return byPort != 0 ? byPort : Weight.CompareTo(other.Weight);
    }

    /// <summary><c>host:port</c>, or <c>[host]:port</c> for IPv6.</summary>
    public string Endpoint => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
