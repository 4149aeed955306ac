namespace Interlook.Configuration;

/// <summary>A text that never shows itself: it prints as stars, and only <see cref="Reveal"/> gives it out.</summary>
public sealed class Secret(string text)
{
    /// <summary>The text, for the wire and nothing else.</summary>
    public string Reveal() => text;

    /// <summary>Stars.</summary>
    public override string ToString() => "*****";
}
