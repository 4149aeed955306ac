using Interlook.Services;

namespace Interlook.Engine.Previewing;

/// <summary>Says in words in what two definitions of one service differ.</summary>
internal static class DefinitionDifference
{
    /// <summary>What the later one says otherwise.</summary>
    /// <returns>Parts of a sentence with commas between them; empty when nothing differs that a step sees.</returns>
    public static string Describe(ServiceDefinition earlier, ServiceDefinition later) =>
        string.Join(", ", [.. Names(earlier, later), .. Targets(earlier, later), .. Address(earlier, later), .. Tls(earlier, later)]);

    private static IEnumerable<string> Names(ServiceDefinition earlier, ServiceDefinition later) =>
    [
        .. later.DnsNames.Except(earlier.DnsNames).Select(name => $"name {name} is new"),
        .. earlier.DnsNames.Except(later.DnsNames).Select(name => $"name {name} goes"),
    ];

    private static IEnumerable<string> Targets(ServiceDefinition earlier, ServiceDefinition later)
    {
        var before = earlier.Targets.ToLookup(Shown);
        var after = later.Targets.ToLookup(Shown);
        foreach (var target in after)
        {
            if (!before.Contains(target.Key))
                yield return $"target {target.Key} is new";
            else if (before[target.Key].First().Weight != target.First().Weight)
                yield return $"target {target.Key} has weight {target.First().Weight} instead of {before[target.Key].First().Weight}";
        }
        foreach (var target in before.Where(target => !after.Contains(target.Key)))
            yield return $"target {target.Key} goes";
    }

    private static IEnumerable<string> Address(ServiceDefinition earlier, ServiceDefinition later) => Equals(earlier.PublicIp, later.PublicIp)
        ? []
        : [$"address {later.PublicIp?.ToString() ?? "none"} instead of {earlier.PublicIp?.ToString() ?? "none"}"];

    private static IEnumerable<string> Tls(ServiceDefinition earlier, ServiceDefinition later) => earlier.Tls == later.Tls
        ? []
        : [later.Tls ? "with TLS from now on" : "without TLS from now on"];

    private static string Shown(Target target) => $"{(target.Host.Contains(':', StringComparison.Ordinal) ? $"[{target.Host}]" : target.Host)}:{target.Port}";
}
