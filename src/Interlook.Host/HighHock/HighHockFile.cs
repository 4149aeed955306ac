using System.Globalization;
using Interlook.Host.Configuration;

namespace Interlook.Host.HighHock;

/// <summary>Reads HighHock's configuration file.</summary>
internal static class HighHockFile
{
    /// <summary>Where it is looked for without <c>--config</c>.</summary>
    internal const string Usual = "/etc/highhock.json";

    /// <summary>Reads a file. Without one, and with one that cannot be read at all, the built-in values stay, and a warning says so.</summary>
    internal static void Read(string path, HighHockValues values, List<string> warnings, List<string> problems)
    {
        var repairs = new List<(int Line, string Repair)>();
        IReadOnlyList<LenientMember> members;
        try
        {
            members = LenientJson.Read(File.ReadAllText(path), repairs);
        }
        catch (Exception failure) when (failure is FormatException or IOException or UnauthorizedAccessException)
        {
            warnings.Add($"{path} {Because(failure, path)}: the built-in values are used");
            return;
        }
        warnings.AddRange(repairs.Select(repair => $"{Place(path, repair.Line)}: {repair.Repair}"));
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var member in members)
        {
            var place = Place(path, member.Line);
            if (HighHockSettings.OfPath(member.Path) is not { } setting)
            {
                var known = HighHockSettings.All.Select(each => each.Path).Where(each => each.Length > 0);
                warnings.Add($"{place}: {member.Path} is not a setting, and passed over{Suggestion.For(member.Path, known)}");
                continue;
            }
            if (lines.TryGetValue(member.Path, out var first))
                warnings.Add($"{place}: {member.Path} is written twice, first in line {first.ToString(CultureInfo.InvariantCulture)}: this one counts");
            lines[member.Path] = member.Line;
            if (member.Kind == LenientMember.Null)
                continue;
            if (member.Kind != KindOf(setting))
                warnings.Add($"{place}: {member.Path} must be {KindOf(setting)}, not {member.Kind}, and is passed over");
            else
                values.Take(setting, member.Text, $"{place}: {member.Path}", warnings, problems);
        }
    }

    private static string KindOf(HighHockSetting setting) =>
        setting.IsNumber ? LenientMember.Number : setting.Shape == SettingShape.Switch ? LenientMember.Flag : LenientMember.Words;

    private static string Place(string path, int line) => string.Create(CultureInfo.InvariantCulture, $"{path}:{line}");

    private static string Because(Exception failure, string path) => failure switch
    {
        FormatException fault => $"cannot be read: {fault.Message}",
        FileNotFoundException or DirectoryNotFoundException => "does not exist",
        UnauthorizedAccessException when Directory.Exists(path) => "is a folder",
        UnauthorizedAccessException => "may not be read by this user",
        _ => $"cannot be read ({failure.Message})",
    };
}
