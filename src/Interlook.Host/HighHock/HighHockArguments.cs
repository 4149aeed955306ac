using Interlook.Host.Configuration;

namespace Interlook.Host.HighHock;

/// <summary>
/// HighHock's command line: every flag with a value behind it or, with two hyphens, also behind <c>=</c>; short flags have one hyphen and up to
/// three letters, so the other commands' parser cannot read them.
/// </summary>
internal sealed class HighHockArguments
{
    private const string LegacyKeys = "--legacy-keys";

    private static readonly string[] Helps = ["-h", "--help"];
    private static readonly string[] Configs = ["-c", "--config"];

    private readonly List<(HighHockSetting Setting, string Value, string Written)> given = [];
    private readonly List<string> problems = [];

    /// <summary>True when the usage is asked for, wherever that stands.</summary>
    internal bool WantsHelp { get; private set; }

    /// <summary>True when the configuration is to be shown and nothing to be run.</summary>
    internal bool PrintsConfiguration { get; private set; }

    /// <summary>The file that was named; null reads the usual one.</summary>
    internal string? File { get; private set; }

    /// <summary>What cannot be understood.</summary>
    internal IReadOnlyList<string> Problems => problems;

    /// <summary>Reads a command line. A flag that is given twice counts as it stands last.</summary>
    internal static HighHockArguments Read(IReadOnlyList<string> arguments)
    {
        var read = new HighHockArguments { WantsHelp = arguments.Any(argument => Helps.Contains(argument)) };
        for (var i = 0; i < arguments.Count; i++)
            i += read.Take(arguments[i], i + 1 < arguments.Count ? arguments[i + 1] : null);
        return read;
    }

    /// <summary>Puts what was given over the values of the file.</summary>
    internal void Apply(HighHockValues values, List<string> warnings)
    {
        foreach (var (setting, value, written) in given)
            values.Take(setting, value, written, warnings, problems);
    }

    /// <returns>How many of the arguments behind this one belong to it.</returns>
    private int Take(string argument, string? next)
    {
        var equals = argument.StartsWith("--", StringComparison.Ordinal) ? argument.IndexOf('=', StringComparison.Ordinal) : -1;
        var (flag, attached) = equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
        var setting = HighHockSettings.OfFlag(flag);
        switch (flag)
        {
            case "--print-config" when attached is null:
                PrintsConfiguration = true;
                return 0;
            case LegacyKeys when attached is null:
                given.Add((setting!, "true", flag));
                return 0;
        }
        if (Helps.Contains(flag))
            return 0;
        if (setting is null && !Configs.Contains(flag))
        {
            problems.Add(flag.StartsWith('-') ? $"{flag} is not a flag{Suggestion.For(flag, Known())}" : $"'{flag}' belongs to no flag");
            return 0;
        }
        if (attached is null && (next is null || IsFlag(next)))
        {
            problems.Add($"{flag} needs a value");
            return 0;
        }
        var value = attached ?? next!;
        if (setting is null)
            File = value;
        else
            given.Add((setting, value, Described(setting, flag)));
        return attached is null ? 1 : 0;
    }

    // The earlier program had given -p twice: what came after it meant a host to some of its users.
    private static string Described(HighHockSetting setting, string flag) =>
        flag == "-p" ? $"-p (--{setting.Flag}; the public host is --discovery-host)" : flag;

    private static bool IsFlag(string argument) =>
        HighHockSettings.OfFlag(argument) is not null || Configs.Contains(argument) || argument is "--print-config";

    private static IEnumerable<string> Known() =>
        HighHockSettings.All.Select(setting => $"--{setting.Flag}").Concat(["--config", "--help", "--print-config"]);
}
