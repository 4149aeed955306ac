using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace Interlook.Simulators.GestioIP;

/// <summary>Runs a reply's XML through the simple converter from which the JSON comes: lists with one member become the member.</summary>
internal static class JsonConversion
{
    private static readonly HashSet<(string Root, string Name)> StayLists =
    [
        ("listHostsResult", "Host"), ("listNetworksResult", "Network"), ("freeNetworkAddressesResult", "freeAddress"), ("usedNetworkAddressesResult", "usedAddress"),
    ];

    /// <returns>Null when the XML is malformed: the converter dies.</returns>
    internal static string? Convert(string xml)
    {
        try
        {
            var root = XDocument.Parse(xml).Root!;
            return new JsonObject { [root.Name.LocalName] = Of(root, root.Name.LocalName) }.ToJsonString();
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static JsonNode Of(XElement element, string root)
    {
        if (!element.HasElements)
            return JsonValue.Create(element.Value);
        var members = new JsonObject();
        foreach (var same in element.Elements().GroupBy(child => child.Name.LocalName, StringComparer.Ordinal))
        {
            var values = same.Select(child => Of(child, root)).ToArray();
            members[same.Key] = values.Length == 1 && !StayLists.Contains((root, same.Key)) ? values[0] : new JsonArray(values);
        }
        return members;
    }
}
