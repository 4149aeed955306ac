using Interlook.Services;

namespace Interlook.Extensions.HostsFile;

/// <summary>A line of a hosts file (hosts(5)): an address, its names, and after the <c>#</c> whose it is.</summary>
/// <param name="Text">The line without its line break.</param>
internal sealed record HostsLine(string Text)
{
    private const string Mark = "# interlook ";

    /// <summary>The line that a service is to have. Our part of the file is ASCII: a service's name may be any text.</summary>
    internal static HostsLine For(string instance, ServiceKey key, ServiceDefinition definition) =>
        new($"{definition.PublicIp} {string.Join(' ', definition.DnsNames)} {Mark}{instance} {Uri.EscapeDataString(key.Path)}");

    /// <summary>The names that the line gives an address.</summary>
    internal IEnumerable<string> Names => Text.Split('#')[0]
        .Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries)
        .Skip(1)
        .Select(name => name.ToLowerInvariant());

    /// <summary>The service whose line it is.</summary>
    /// <returns>Null when it does not bear the mark of that instance: then it is not ours to touch.</returns>
    internal ServiceKey? OwnerIn(string instance)
    {
        var mark = Text.IndexOf(Mark, StringComparison.Ordinal);
        var words = mark < 0 ? [] : Text[(mark + Mark.Length)..].Split(' ');
        return words.Length == 2 && words[0] == instance && ServiceKey.TryParsePath(Uri.UnescapeDataString(words[1]), out var key) ? key : null;
    }
}
