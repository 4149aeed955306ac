using System.Globalization;
using System.Text;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.GestioIP;

/// <summary>
/// Whose a reservation is, as its comment says: <c>interlook:prod:default:shop</c>, which is the setting, the instance, the workflow, the service. Letters,
/// digits, <c>-</c> and <c>.</c> stand as they are, every other byte of UTF-8 as <c>_XX</c>: so all survive GestioIP's refused characters,
/// its lists, its filters and its doubts about encodings, and no two services have one tag.
/// </summary>
internal sealed class ReservationTag(string start, string instance)
{
    /// <summary>The column of comments is 500 characters wide (GestioIP 3.0 and 3.5); the database cuts off what is longer without a word.</summary>
    private const int Longest = 500;

    /// <summary>Before a digest: no encoded text begins so, because a hexadecimal digit follows every <c>_</c>.</summary>
    private const string Shortened = "__";

    /// <summary>How the tags of this instance begin.</summary>
    internal string Root { get; } = $"{start}:{instance}:";

    /// <summary>The tag of a service. One that would be too long holds a digest of the service's key instead of it.</summary>
    internal string Of(ServiceKey key)
    {
        var tag = $"{Root}{Encode(key.Workflow)}:{Encode(key.Service)}";
        return tag.Length <= Longest ? tag : Root + Shortened + NameDigest.Hex(key.Path, 64);
    }

    /// <summary>Whether a comment is a tag of this instance.</summary>
    internal bool IsOurs(string comment) => comment.StartsWith(Root, StringComparison.Ordinal) && !comment.Contains(' ', StringComparison.Ordinal);

    /// <summary>The service of a tag.</summary>
    /// <returns>Null when it does not bear our mark, or holds only a digest.</returns>
    internal ServiceKey? KeyOf(string comment)
    {
        if (!IsOurs(comment) || comment[Root.Length..].Split(':') is not [var workflow, var service])
            return null;
        return Decode(workflow) is { Length: > 0 } decoded && Decode(service) is { Length: > 0 } name ? new ServiceKey(decoded, name) : null;
    }

    /// <summary>A name for people in the column of host names, which need not be unique: the service's, without what GestioIP or DNS would refuse.</summary>
    internal static string HostNameOf(ServiceKey key)
    {
        const int longest = 63; // of one label (RFC 1035 section 2.3.4)
        var name = string.Concat(key.Service.Select(letter => IsPlain(letter) ? letter : '-')).Trim('-', '.');
        return name == "" ? "service" : name[..Math.Min(longest, name.Length)];
    }

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.';

    private static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            if (IsPlain((char)value))
                encoded.Append((char)value);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"_{value:X2}");
        }
        return encoded.ToString();
    }

    private static string? Decode(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '_')
                bytes.Add((byte)text[i]);
            else if (byte.TryParse(text.AsSpan(i + 1, Math.Min(2, text.Length - i - 1)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                i += 2;
            }
            else
                return null;
        }
        var decoded = Encoding.UTF8.GetString([.. bytes]);
        return Encode(decoded) == text ? decoded : null; // anything else is no tag that we wrote
    }
}
