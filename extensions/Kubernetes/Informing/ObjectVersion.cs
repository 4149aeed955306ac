using System.Globalization;

namespace Interlook.Extensions.Kubernetes.Informing;

/// <summary>Compares versions of a list. They are opaque, but numbers wherever etcd stands behind the server; others are believed.</summary>
internal static class ObjectVersion
{
    /// <summary>True when one is certainly older than another.</summary>
    internal static bool IsOlder(string version, string than) =>
        ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var one)
        && ulong.TryParse(than, NumberStyles.None, CultureInfo.InvariantCulture, out var other)
        && one < other;
}
