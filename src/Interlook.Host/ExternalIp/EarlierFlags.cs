using Interlook.Host.Configuration;

namespace Interlook.Host.ExternalIp;

/// <summary>
/// Reads a command line as Go's libraries do, which the External IP Controller was written with: one hyphen or two, the value behind
/// <c>=</c> or as the next argument, a flag that is on or off alone or with <c>=true</c>.
/// </summary>
internal static class EarlierFlags
{
    /// <summary>Reads a command line. A flag that is given twice counts as it stands last.</summary>
    /// <param name="arguments">The arguments behind the command.</param>
    /// <param name="flags">Those that mean something here.</param>
    /// <returns>What cannot be understood, and which flags were passed over.</returns>
    internal static (IReadOnlyList<string> Problems, IReadOnlyList<string> Ignored) Read(
        IReadOnlyList<string> arguments, IReadOnlyList<EarlierFlag> flags)
    {
        var problems = new List<string>();
        var ignored = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument is not ['-', _, ..])
            {
                problems.Add($"'{argument}' belongs to no flag");
                continue;
            }
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = (equals < 0 ? argument : argument[..equals]).TrimStart('-');
            if (flags.Concat(EarlierFlag.OfLog).FirstOrDefault(flag => flag.Name == name) is not { } flag)
            {
                problems.Add($"{argument} is not a flag{Suggestion.For($"--{name}", flags.Select(known => $"--{known.Name}"))}");
                continue;
            }
            var value = equals >= 0 ? argument[(equals + 1)..] : flag.Value is null ? "true" : i + 1 < arguments.Count ? arguments[++i] : null;
            if (value is null)
                problems.Add($"{argument} needs a value");
            else if (flag.Take is null)
                ignored.Add($"--{name}");
            else
                Take(flag, value, problems);
        }
        return (problems, ignored);
    }

    private static void Take(EarlierFlag flag, string value, List<string> problems)
    {
        try
        {
            flag.Take!(value);
        }
        catch (FormatException problem)
        {
            problems.Add($"--{flag.Name} {problem.Message}");
        }
    }
}
