namespace Interlook.Simulators.Kemp;

/// <summary>A part of an answer: a text, or parts of its own. Rows of one name form a list in JSON.</summary>
internal sealed record Element(string Name, string Text, ElementKind Kind)
{
    internal IReadOnlyList<Element> Parts { get; private init; } = [];

    internal static Element Row(string name, IReadOnlyList<Element> parts) => new(name, "", ElementKind.Rows) { Parts = parts };

    internal static Element Number(string name, int number) => new(name, $"{number}", ElementKind.Number);

    internal static Element Flag(string name, bool flag) => new(name, flag ? "Y" : "N", ElementKind.Flag);

    internal static Element Of(string name, string text) => new(name, text, ElementKind.Text);
}
