namespace Interlook.Extensions.Consul;

/// <summary>
/// A DNS name as Consul looks it up: in <c>[tag.]service.service.consul</c> the last label is the service and all before it is one tag.
/// Seen with 1.8.7; dots in the tag are no obstacle.
/// </summary>
/// <param name="Service">The last label.</param>
/// <param name="Tag">The labels before it; empty for a single label.</param>
internal readonly record struct ConsulName(string Service, string Tag)
{
    /// <summary>The longest name that fits the 253 characters of a DNS name together with <c>.service.consul</c>.</summary>
    internal const int MaxLength = 253 - 15;

    /// <summary>True for a single label, which Consul answers with every instance of the service, whatever its tags.</summary>
    internal bool IsPlain => Tag.Length == 0;

    /// <summary>What clients ask for.</summary>
    public override string ToString() => $"{Labels}.service.consul";

    /// <summary>The name without Consul's own part.</summary>
    internal string Labels => IsPlain ? Service : $"{Tag}.{Service}";

    /// <summary>Splits a name.</summary>
    /// <param name="name">A canonical host name.</param>
    /// <param name="domain">Cut off when the name lies in it; the domain itself and names elsewhere stay whole.</param>
    internal static ConsulName Of(string name, string? domain)
    {
        var labels = domain is not null && name.Length > domain.Length + 1 && name.EndsWith(domain, StringComparison.Ordinal)
            && name[^(domain.Length + 1)] == '.'
                ? name[..^(domain.Length + 1)]
                : name;
        var dot = labels.LastIndexOf('.');
        return dot < 0 ? new(labels, "") : new(labels[(dot + 1)..], labels[..dot]);
    }

    /// <summary>True when registering both makes the answers of one hold the other's address.</summary>
    internal bool MixesWith(ConsulName other) =>
        Service == other.Service && (IsPlain || other.IsPlain || Tag == other.Tag);
}
