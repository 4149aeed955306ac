using System.Globalization;

namespace Interlook.Extensions.BigIp;

/// <summary>The port at the end of a member's name and of a destination: behind a colon, or a dot where the address has colons itself.</summary>
internal static class ServicePort
{
    /// <summary>Splits <c>10.0.0.1:80</c> and <c>2001:db8::1.80</c>.</summary>
    internal static (string Head, int? Port) Split(string text)
    {
        var at = text.LastIndexOf(HasColons(text) ? '.' : ':');
        return at < 0 ? (text, null) : (text[..at], Number(text[(at + 1)..]));
    }

    /// <summary>Joins what <see cref="Split"/> splits.</summary>
    internal static string Join(string head, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{head}{(head.Contains(':', StringComparison.Ordinal) ? '.' : ':')}{port}");

    private static bool HasColons(string text) => text.AsSpan().Count(':') > 1;

    // The appliance may write well-known ports as words.
    private static int? Number(string text) => text switch
    {
        "http" => 80,
        "https" => 443,
        "any" => 0,
        _ => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null,
    };
}
