namespace Interlook.Specification;

/// <summary>The record that the store's kit writes.</summary>
/// <param name="Text">Any text.</param>
/// <param name="Number">Any number.</param>
public sealed record Note(string Text, int Number);
