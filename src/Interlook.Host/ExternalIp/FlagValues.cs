using System.Globalization;

namespace Interlook.Host.ExternalIp;

/// <summary>Reads the values of flags; a <see cref="FormatException"/> says what a value must be.</summary>
internal static class FlagValues
{
    /// <summary>A prefix length.</summary>
    internal static int Mask(string text, int most) => Number(text, 1, most);

    /// <summary>A whole number.</summary>
    internal static int Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}, not '{text}'"));

    /// <summary>On or off, in the words that Go's flags take.</summary>
    internal static bool Switch(string text) => text switch
    {
        "true" or "1" or "t" => true,
        "false" or "0" or "f" => false,
        _ => throw new FormatException($"must be true or false, not '{text}'"),
    };
}
