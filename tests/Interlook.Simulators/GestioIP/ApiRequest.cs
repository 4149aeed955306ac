using System.Net;
using System.Net.Sockets;

namespace Interlook.Simulators.GestioIP;

/// <summary>A request whose common parameters are checked.</summary>
/// <param name="Type">Its <c>request_type</c>.</param>
/// <param name="ClientId">The client that it is about.</param>
/// <param name="Parameters">All its parameters.</param>
internal sealed record ApiRequest(string Type, int ClientId, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>A parameter, or nothing.</summary>
    internal string Text(string name) => Parameters.GetValueOrDefault(name, "");

    /// <summary>A parameter that must be there.</summary>
    internal string Require(string name) =>
        Text(name) is { Length: > 0 } text ? text : throw new RefusedException($"ERROR: PARAMETER {name} MISSING");

    /// <summary>Whether a parameter says <c>yes</c>.</summary>
    internal bool Says(string name) => Text(name) == "yes";

    /// <summary>An address that must be there.</summary>
    internal IPAddress Address(string name = "ip")
    {
        var text = Require(name);
        var six = text.Contains(':', StringComparison.Ordinal);
        return IPAddress.TryParse(text, out var address)
            && (six || (address.AddressFamily == AddressFamily.InterNetwork && text.Count(letter => letter == '.') == 3))
                ? address
                : throw new RefusedException(six ? "ERROR: INVALID IPV6 ADDRESS" : "ERROR: INVALID IPV4 ADDRESS");
    }

    /// <summary>Which family is listed.</summary>
    internal AddressFamily Family => Text("ip_version") == "v6" ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
}
