using System.Net;

namespace Interlook.Extensions.Docker;

/// <summary>What the public host is looked for in, besides the settings: the machine's own, or a test's.</summary>
internal sealed record PublicHostSources
{
    /// <summary>The machine's own.</summary>
    internal static PublicHostSources System { get; } = new();

    /// <summary>Gives a variable of our own environment, or null.</summary>
    internal Func<string, string?> Environment { get; init; } = global::System.Environment.GetEnvironmentVariable;

    /// <summary>The metadata service, which all clouds that are known here have at the same address of the link (RFC 3927).</summary>
    internal Uri Metadata { get; init; } = new("http://169.254.169.254");

    /// <summary>Gives the addresses of a network interface, or null when there is none of that name.</summary>
    internal Func<string, IReadOnlyList<IPAddress>?> Addresses { get; init; } = LocalInterfaces.Addresses;

    /// <summary>Names the network interfaces.</summary>
    internal Func<IReadOnlyList<string>> Interfaces { get; init; } = LocalInterfaces.Names;
}
