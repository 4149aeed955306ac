using System.Globalization;
using System.Net;
using System.Xml.Linq;

namespace Interlook.Extensions.GestioIP.Wire;

/// <summary>
/// A reply: the root is named as the request, <c>error</c> is in it always, empty after a success. The status is 200 either way, so only this
/// tells a success from a failure.
/// </summary>
internal sealed class GestioIPReply
{
    private const string Suffix = "Result";
    private readonly XElement root;

    private GestioIPReply(XElement root, string error)
    {
        this.root = root;
        Error = error;
    }

    /// <summary>GestioIP's words about what failed; empty after a success.</summary>
    internal string Error { get; }

    /// <summary>True when the failure is about the request as such (its client, its form), and not about what it asks for.</summary>
    internal bool IsPlain => root.Name.LocalName == Suffix;

    /// <summary>True when there is nothing in it but the empty error.</summary>
    internal bool IsBare => root.Elements().All(element => element.Name.LocalName == "error");

    /// <summary>Whether it has an element of a name, at any depth.</summary>
    internal bool Has(string name) => root.Descendants(name).Any();

    /// <summary>The hosts in it.</summary>
    /// <returns>Null when one of them cannot be read: a line instead of elements, or no address.</returns>
    internal IReadOnlyList<WireHost>? Hosts()
    {
        var hosts = new List<WireHost>();
        foreach (var element in root.Descendants("Host"))
        {
            if (AddressIn(element) is not { } address)
                return null;
            hosts.Add(new(address, Text(element, "hostname"), Text(element, "comment")));
        }
        return hosts;
    }

    /// <summary>The networks in it.</summary>
    /// <returns>Null when one of them cannot be read.</returns>
    internal IReadOnlyList<WireNetwork>? Networks()
    {
        var networks = new List<WireNetwork>();
        foreach (var element in root.Descendants("Network"))
        {
            if (AddressIn(element) is not { } address || !int.TryParse(Text(element, "BM"), CultureInfo.InvariantCulture, out var length))
                return null;
            networks.Add(new(address, length, Text(element, "rootnet") == "1"));
        }
        return networks;
    }

    /// <summary>The address in it, wherever it stands.</summary>
    internal IPAddress? Address() => AddressIn(root);

    /// <summary>Takes an answer for a reply.</summary>
    /// <returns>Null when it is none: another root (the help page has one), or no <c>error</c>.</returns>
    internal static GestioIPReply? Read(XDocument document, string type)
    {
        var root = document.Root!;
        // The handler of reservations goes by the plural, and may give its name to the reply.
        string[] roots = [Suffix, type + Suffix, $"{type}es{Suffix}"];
        return roots.Contains(root.Name.LocalName) && root.Element("error") is { } error ? new(root, ErrorIn(error)) : null;
    }

    // A comma in the text was taken for the end of one.
    private static string ErrorIn(XElement error) =>
        (error.HasElements ? string.Join(", ", error.Elements().Select(part => part.Value.Trim())) : error.Value).Trim();

    private static string Text(XElement element, string name) => (element.Element(name) ?? element.Element($"new_{name}"))?.Value.Trim() ?? "";

    private static IPAddress? AddressIn(XElement element) =>
        element.Descendants("IP").FirstOrDefault() is { } text && IPAddress.TryParse(text.Value.Trim(), out var address) ? address : null;
}
