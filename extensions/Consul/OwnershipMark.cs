using Interlook.Services;

namespace Interlook.Extensions.Consul;

/// <summary>How a node and a service instance in the catalog say whose they are: in their meta.</summary>
internal static class OwnershipMark
{
    internal const string Instance = "interlook-instance";

    internal const string Key = "interlook-key";

    internal const string Name = "interlook-name";

    /// <summary>
    /// Consul takes at most 512 bytes in one value (seen with 1.8.7); a character is at most three bytes of UTF-8, or four for a pair.
    /// </summary>
    private const int LongestPart = 160;

    /// <summary>The mark of our node.</summary>
    internal static Dictionary<string, string> OfNode(string instance) => new() { [Instance] = instance };

    /// <summary>The mark of a registration. A long key is spread over several values.</summary>
    internal static Dictionary<string, string> Of(string instance, ServiceKey key, string fullName)
    {
        var meta = new Dictionary<string, string> { [Instance] = instance, [Name] = fullName };
        var rest = key.Path;
        for (var part = 1; rest.Length > 0; part++)
        {
            var length = Math.Min(LongestPart, rest.Length);
            if (length < rest.Length && char.IsHighSurrogate(rest[length - 1]))
                length--;
            meta[PartName(part)] = rest[..length];
            rest = rest[length..];
        }
        return meta;
    }

    /// <summary>True when the meta bear the mark of this Interlook.</summary>
    internal static bool IsOf(string instance, Dictionary<string, string>? meta) =>
        meta is not null && meta.TryGetValue(Instance, out var owner) && owner == instance;

    /// <summary>The service that a mark names; null when it cannot be read.</summary>
    internal static ServiceKey? ReadKey(Dictionary<string, string>? meta)
    {
        if (meta is null)
            return null;
        var path = "";
        for (var part = 1; meta.TryGetValue(PartName(part), out var text); part++)
            path += text;
        return ServiceKey.TryParsePath(path, out var key) ? key : null;
    }

    private static string PartName(int part) => part == 1 ? Key : $"{Key}-{part}";
}
