using System.Globalization;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>
/// Compares versions of objects. They are opaque by the API's word; every server so far uses etcd's revisions, which are numbers and
/// grow, and newer ones promise it (KEP-5504). Where one is no number nothing is older.
/// </summary>
internal static class ResourceVersions
{
    /// <summary>True when both are numbers and the first is the smaller.</summary>
    internal static bool IsOlder(string version, string than) =>
        ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var one)
        && ulong.TryParse(than, NumberStyles.None, CultureInfo.InvariantCulture, out var other)
        && one < other;
}
