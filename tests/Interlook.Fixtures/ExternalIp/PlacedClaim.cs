using System.Net;
using System.Text.Json.Nodes;

namespace Interlook.Fixtures.ExternalIp;

/// <summary>A claim as it is kept.</summary>
/// <param name="Name">Its name, <c>10-99-0-101-32</c>.</param>
/// <param name="Address">The address it is for.</param>
/// <param name="Node">The node that shall have the address; empty when none shall.</param>
/// <param name="Holder">The node that may; empty when nobody may.</param>
public sealed record PlacedClaim(string Name, IPAddress Address, string Node, string Holder)
{
    /// <summary>Reads one from what is stored.</summary>
    internal static PlacedClaim Of(JsonNode claim) => new(
        (string)claim["metadata"]!["name"]!,
        IPAddress.Parse(((string)claim["spec"]!["cidr"]!).Split('/')[0]),
        (string?)claim["spec"]!["nodeName"] ?? "",
        (string?)claim["status"]?["holder"] ?? "");
}
