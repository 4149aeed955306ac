namespace Interlook.Simulators.Kemp;

/// <summary>How an element's text is written in JSON.</summary>
internal enum ElementKind
{
    Text,
    Number,
    Flag,
    Words,
    Rows,
}
