using System.Net;
using System.Net.Sockets;
using Interlook.Services;

namespace Interlook.Extensions.Docker;

/// <summary>Rules for addresses that traffic is sent to.</summary>
internal static class TargetAddress
{
    internal const string Loopback4 = "127.0.0.1";
    internal const string Loopback6 = "::1";

    /// <summary>An IP address or a host name, canonical.</summary>
    /// <exception cref="FormatException">It is neither, or nothing can be sent there.</exception>
    internal static string Read(string text)
    {
        var candidate = text.Trim();
        if (IPAddress.TryParse(candidate.Trim('[', ']'), out var address))
        {
            // Old short forms are read as other addresses than they look like: 10.77.66 as 10.77.0.66.
            if (IsUnspecified(address) || (address.AddressFamily == AddressFamily.InterNetwork ? address.ToString() != candidate : address.ScopeId != 0))
                throw new FormatException($"must be an address that can be reached, not '{text}'");
            return address.ToString();
        }
        return HostName.TryNormalize(candidate, out var name, out var problem) && !name.StartsWith('*')
            ? name
            : throw new FormatException($"must be an IP address or a host name; '{text}' {problem ?? "is a pattern"}");
    }

    /// <summary>True for 0.0.0.0, :: and no address at all: every address of the host.</summary>
    internal static bool IsUnspecified(string? host) => string.IsNullOrEmpty(host) || (IPAddress.TryParse(host, out var address) && IsUnspecified(address));

    internal static bool IsLoopback(string? host) => IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address);

    internal static bool IsIPv6(string? host) => IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;

    private static bool IsUnspecified(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
