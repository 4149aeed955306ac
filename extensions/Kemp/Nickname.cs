using System.Globalization;
using System.Text;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.Kemp;

/// <summary>
/// How a virtual service says whose it is: in its nickname, <c>interlook@INSTANCE@WORKFLOW@SERVICE</c>. A nickname holds letters, digits and
/// <c>. @ - _</c> and begins with a letter or digit. What else a name holds is written as <c>_</c> and two hexadecimal digits for each byte of its
/// UTF-8. What would be too long ends in a digest, <c>interlook@INSTANCE@SLUG.DIGEST</c>, from which the service cannot be read back.
/// </summary>
internal static class Nickname
{
    /// <summary>The longest one made here. The appliance's own bound is not documented.</summary>
    internal const int LongestName = 63;

    private const string Prefix = "interlook@";
    private const int LongestOwner = 16;
    private const int OwnerDigest = 8;
    private const int LongestKey = LongestName - LongestOwner - 11; // the prefix, and the sign between owner and key
    private const int KeyDigest = 26; // of 32 signs: 130 bits
    private const string DigestSigns = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>The nickname of a service. Different services, and different instances, have different ones.</summary>
    internal static string Of(string instance, ServiceKey key) => Owner(instance) + Key(key);

    /// <summary>True when a nickname is one of this Interlook.</summary>
    internal static bool IsOf(string instance, string nickname) => nickname.StartsWith(Owner(instance), StringComparison.Ordinal);

    /// <summary>The service that a nickname names; null when it is no mark, or ends in a digest.</summary>
    internal static ServiceKey? ReadKey(string nickname) =>
        nickname.Split('@') is ["interlook", _, var workflow, var service] && Unescape(workflow) is { } first && Unescape(service) is { } second
            ? new ServiceKey(first, second)
            : null;

    private static string Owner(string instance)
    {
        // An instance's name holds no dot, so a shortened one is never another's.
        var owner = instance.Length <= LongestOwner ? instance : $"{instance[..(LongestOwner - OwnerDigest - 1)]}.{Digest(instance, OwnerDigest)}";
        return $"{Prefix}{owner}@";
    }

    private static string Key(ServiceKey key)
    {
        var plain = $"{Escape(key.Workflow)}@{Escape(key.Service)}";
        if (plain.Length <= LongestKey)
            return plain;
        var slug = string.Concat(key.Service.Where(char.IsAsciiLetterOrDigit).Take(LongestKey - KeyDigest - 1));
        return $"{slug}.{Digest(key.Path, KeyDigest)}";
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var part in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)part) || part is (byte)'.' or (byte)'-')
                escaped.Append((char)part);
            else
                escaped.Append(CultureInfo.InvariantCulture, $"_{part:x2}");
        }
        return escaped.ToString();
    }

    private static string? Unescape(string escaped)
    {
        var bytes = new List<byte>(escaped.Length);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '_')
            {
                bytes.Add((byte)escaped[i]);
                continue;
            }
            if (i + 2 >= escaped.Length || !byte.TryParse(escaped.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var part))
                return null;
            bytes.Add(part);
            i += 2;
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static string Digest(string text, int signs)
    {
        var hash = NameDigest.Of(text);
        return string.Create(signs, hash, static (written, bytes) =>
        {
            for (var i = 0; i < written.Length; i++)
                written[i] = DigestSigns[bytes[i] & 31];
        });
    }
}
