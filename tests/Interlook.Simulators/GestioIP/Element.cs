using System.Text;

namespace Interlook.Simulators.GestioIP;

/// <summary>An element of a reply: a value, or elements. Values are not escaped when they are written: the real one does not either.</summary>
internal sealed class Element
{
    private readonly string value = "";
    private readonly List<Element> children = [];

    internal Element(string name, string value)
    {
        Name = name;
        this.value = value;
    }

    internal Element(string name, params IEnumerable<Element> children)
    {
        Name = name;
        this.children = [.. children];
    }

    internal string Name { get; }

    internal void Write(StringBuilder text)
    {
        text.Append('<').Append(Name).Append('>').Append(value);
        foreach (var child in children)
            child.Write(text);
        text.Append("</").Append(Name).Append('>');
    }
}
