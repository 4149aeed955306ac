using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>Makes JSON of YAML, as the tools of Kubernetes read their files: numbers, truth values and null by the JSON schema of YAML 1.2.</summary>
internal static class YamlJson
{
    /// <summary>Reads the first document.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="YamlException">It is not YAML.</exception>
    internal static JsonNode? Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Count == 0 ? null : Read(stream.Documents[0].RootNode);
    }

    private static JsonNode? Read(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(pair => KeyValuePair.Create(Key(pair.Key), Read(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Read)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => ReadPlain(plain.Value ?? ""),
        YamlScalarNode quoted => JsonValue.Create(quoted.Value),
        _ => throw new YamlException(node.Start, node.End, "a value of an unknown kind"),
    };

    private static string Key(YamlNode node) => node is YamlScalarNode { Value: { } key }
        ? key
        : throw new YamlException(node.Start, node.End, "a key that is no text");

    private static JsonValue? ReadPlain(string text) => text switch
    {
        "" or "null" or "Null" or "NULL" or "~" => null,
        "true" or "True" or "TRUE" => JsonValue.Create(true),
        "false" or "False" or "FALSE" => JsonValue.Create(false),
        // Only what is written back the same: a password 0123 is no number.
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == text => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}
