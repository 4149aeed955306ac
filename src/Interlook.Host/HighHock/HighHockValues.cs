using System.Globalization;

namespace Interlook.Host.HighHock;

/// <summary>What the settings hold: the built-in values, over them the file's, over them the command line's.</summary>
internal sealed class HighHockValues
{
    private readonly Dictionary<HighHockSetting, string> said = [];

    /// <summary>Takes a value; a later one for the same setting takes its place. Empty leaves the setting to its built-in value.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="value">What was written.</param>
    /// <param name="called">What messages call it.</param>
    /// <param name="warnings">Gets what was put right.</param>
    /// <param name="problems">Gets what cannot be.</param>
    internal void Take(HighHockSetting setting, string value, string called, List<string> warnings, List<string> problems)
    {
        if (setting.Shape is SettingShape.Text or SettingShape.List && value.All(letter => letter == ',' || char.IsWhiteSpace(letter)))
            said.Remove(setting);
        else if (setting.Problem(value) is { } problem)
            problems.Add($"{called} {problem}");
        else if (setting.HasNoEffect)
            warnings.Add($"{called} has no effect: {setting.Key}");
        else
        {
            if (setting.Shape == SettingShape.Level && LogWord.Of(value) is null)
                warnings.Add($"{called} must be one of {LogWord.All}, not '{value}': NOTICE is used");
            said[setting] = value.Trim();
        }
    }

    /// <summary>The API's port; null when none was asked for.</summary>
    internal int? ApiPort => said.FirstOrDefault(each => each.Key.Shape == SettingShape.Port) is { Key: not null, Value: var port }
        ? int.Parse(port, CultureInfo.InvariantCulture)
        : null;

    /// <summary>The value that counts; empty when there is none.</summary>
    internal string Of(HighHockSetting setting) => said.GetValueOrDefault(setting, setting.Default);
}
