namespace Interlook.Configuration;

/// <summary>How a setting is written.</summary>
public enum SettingKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A length of time: <c>5s</c>, <c>10m</c>, <c>1h30m</c>.</summary>
    Duration,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag,

    /// <summary>A sequence of texts, or one text.</summary>
    List,

    /// <summary>A text that is never shown.</summary>
    Secret,

    /// <summary>The path of a file that holds a secret.</summary>
    SecretFile,
}
