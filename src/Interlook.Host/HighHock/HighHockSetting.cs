using Interlook.Host.Configuration;

namespace Interlook.Host.HighHock;

/// <summary>One setting of HighHock: how its file and its command line write it, and which setting it is here.</summary>
/// <param name="Path">The keys in the file, with dots; empty when only the command line has it.</param>
/// <param name="Flag">The long flag, without its hyphens.</param>
/// <param name="Short">The short flag, without its one hyphen, some of several letters; empty when there is none.</param>
/// <param name="Shape">What it holds.</param>
/// <param name="Section">The section that has it here; empty for a setting without effect.</param>
/// <param name="Key">The key in that section; for a setting without effect why it has none.</param>
/// <param name="Default">What is used where nobody says anything; empty leaves it unset.</param>
/// <param name="Help">What it means, for the usage.</param>
internal sealed record HighHockSetting(
    string Path, string Flag, string Short, SettingShape Shape, string Section, string Key, string Default, string Help)
{
    /// <summary>The section of the program itself.</summary>
    internal const string Core = "core";

    /// <summary>How the command line writes it.</summary>
    internal string Flags => Short.Length == 0 ? $"--{Flag}" : $"-{Short}, --{Flag}";

    /// <summary>True for one that is understood and changes nothing.</summary>
    internal bool HasNoEffect => Section.Length == 0;

    /// <summary>True when the file must hold a number.</summary>
    internal bool IsNumber => Shape is SettingShape.Seconds or SettingShape.Port;

    /// <summary>The texts that stand in the configuration for a value.</summary>
    internal IReadOnlyList<string> Texts(string value) => Shape switch
    {
        SettingShape.List => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        SettingShape.Seconds => [value + "s"],
        SettingShape.Level => [LogWord.Of(value) ?? LogWord.Usual],
        _ => [value],
    };

    /// <summary>Says what is wrong with a value, as the end of a sentence that begins with the setting; null when nothing is.</summary>
    internal string? Problem(string value)
    {
        if (IsNumber && !(value.Length is > 0 and <= 9 && value.All(char.IsAsciiDigit)))
            return $"must be a whole number{(Shape == SettingShape.Seconds ? " of seconds" : "")}, not '{value}'";
        if (HasNoEffect)
            return null;
        var schema = Section == Core ? CoreSettings.Schema : BuiltInExtensions.Catalog.Find(Section)!.Schema;
        return schema.Find(Key)!.Assign(schema.CreateOptions(), Texts(value));
    }
}
