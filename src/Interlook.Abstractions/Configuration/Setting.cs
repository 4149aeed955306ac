using Interlook.Collections;

namespace Interlook.Configuration;

/// <summary>One key of a section: how it is written, what it means, how it reaches the options.</summary>
public sealed record Setting
{
    /// <summary>The key, as the documentation writes it. Matched without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>Other keys with the same meaning.</summary>
    public EquatableArray<string> Aliases { get; init; }

    /// <summary>How it is written.</summary>
    public required SettingKind Kind { get; init; }

    /// <summary>What it means, with the unit of a number; one sentence or two for the configuration reference.</summary>
    public required string Help { get; init; }

    /// <summary>The default as the reference shows it; empty when unset means nothing.</summary>
    public string Default { get; init; } = "";

    /// <summary>The values allowed, as the reference shows them; empty when every value of the kind is.</summary>
    public string Allowed { get; init; } = "";

    /// <summary>True when the section is useless without it.</summary>
    public bool Required { get; init; }

    /// <summary>
    /// Puts what was written into the options: (options, texts) gives the problem, or null. Every kind but <see cref="SettingKind.List"/>
    /// gets exactly one text. A <see cref="SettingKind.SecretFile"/> gets the file's content, read by the host.
    /// </summary>
    public required Func<object, IReadOnlyList<string>, string?> Assign { get; init; }
}
