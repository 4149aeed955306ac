using System.Text;

namespace Interlook.Provisioners;

/// <summary>
/// A digest for names of objects outside: for what may be any text, or is longer than the system takes. The same text gives the same digest for ever.
/// It keeps names apart, it keeps no secrets. Pure.
/// </summary>
public static class NameDigest
{
    /// <summary>The SHA-256 of a text's UTF-8.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>32 bytes.</returns>
    public static byte[] Of(string text) => Sha256.Of(Encoding.UTF8.GetBytes(text));

    /// <summary>The first digits of it.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="digits">How many, at most 64: 12 (48 bits) keep a million names apart with a chance of one in 500 that any two are alike.</param>
    /// <returns>Lower-case hexadecimal.</returns>
    public static string Hex(string text, int digits) => Convert.ToHexStringLower(Of(text))[..digits];
}
