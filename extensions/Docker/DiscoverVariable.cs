namespace Interlook.Extensions.Docker;

/// <summary>The variable by which a container asks for publication: <c>DISCOVER=web:80,dns:53/udp</c>. Pure.</summary>
internal static class DiscoverVariable
{
    /// <summary>The variable, and the name that the earlier system's page also gave it. With both, all pairs count.</summary>
    private static readonly string[] Names = ["DISCOVER", "DISCOVERY"];

    /// <summary>True when the environment holds the variable with anything in it.</summary>
    internal static bool Asks(IReadOnlyList<string>? environment) => Pairs(environment).Any();

    /// <summary>The pairs as they are written, each with the variable that holds it.</summary>
    /// <param name="environment">Items <c>NAME=value</c>. Of a name that stands there twice the last one counts, as in a process.</param>
    internal static IEnumerable<(string Variable, string Text)> Pairs(IReadOnlyList<string>? environment)
    {
        foreach (var name in Names)
        {
            var item = environment?.LastOrDefault(
                candidate => candidate.Length > name.Length && candidate[name.Length] == '=' && candidate.StartsWith(name, StringComparison.Ordinal));
            foreach (var text in item?[(name.Length + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [])
                yield return (name, text);
        }
    }
}
