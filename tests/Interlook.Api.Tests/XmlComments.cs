using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Interlook.Api.Tests;

/// <summary>The documentation comments of an assembly, from the file the compiler writes beside it.</summary>
internal sealed partial class XmlComments(Assembly assembly)
{
    private readonly Dictionary<string, XElement> members = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"))
        .Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>What a type is; null when nobody says.</summary>
    public string? Of(Type type) => Text(Find($"T:{type.FullName}")?.Element("summary"));

    /// <summary>What a property is; a positional one is described with its record.</summary>
    public string? Of(PropertyInfo property) =>
        Text(Find($"P:{property.DeclaringType!.FullName}.{property.Name}")?.Element("summary"))
        ?? Text(Find($"T:{property.DeclaringType.FullName}")?.Elements("param").FirstOrDefault(param => param.Attribute("name")!.Value == property.Name));

    private XElement? Find(string name) => members.GetValueOrDefault(name);

    private static string? Text(XElement? comment)
    {
        if (comment is null)
            return null;
        var words = comment.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement reference when reference.Attribute("cref") is { } cref => cref.Value[(cref.Value.LastIndexOf('.') + 1)..],
            _ => node is XText text ? text.Value : "",
        });
        return Spaces().Replace(string.Concat(words), " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
