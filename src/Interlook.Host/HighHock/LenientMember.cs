namespace Interlook.Host.HighHock;

/// <summary>A value of a JSON file, with its place.</summary>
/// <param name="Path">The keys that lead to it, with dots: <c>etcd.url</c>.</param>
/// <param name="Kind">What it is, in words: <c>a text</c>, <c>a number</c>, <c>true or false</c>, <c>null</c>, <c>a list</c>.</param>
/// <param name="Text">A text without its quotes; a number or word as it is written.</param>
/// <param name="Line">Where it stands.</param>
internal sealed record LenientMember(string Path, string Kind, string Text, int Line)
{
    internal const string Words = "a text";
    internal const string Number = "a number";
    internal const string Flag = "true or false";
    internal const string Null = "null";
    internal const string List = "a list";
}
