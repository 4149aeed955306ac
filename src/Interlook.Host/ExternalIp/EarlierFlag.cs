namespace Interlook.Host.ExternalIp;

/// <summary>A flag of the External IP Controller's command line.</summary>
/// <param name="Name">Without its hyphens.</param>
/// <param name="Value">What stands for its value in the usage; null for a flag that is on or off.</param>
/// <param name="Description">What it says.</param>
/// <param name="Take">
/// Takes the text; its <see cref="FormatException"/> says what is wrong with it. Null: it no longer means anything.
/// </param>
internal sealed record EarlierFlag(string Name, string? Value, string Description, Action<string>? Take)
{
    /// <summary>
    /// The flags of glog, which the earlier program had taken over from a library: they steered files and levels of its own log.
    /// </summary>
    internal static IReadOnlyList<EarlierFlag> OfLog { get; } =
    [
        new("alsologtostderr", null, "", null), new("log_backtrace_at", "PLACE", "", null), new("log-backtrace-at", "PLACE", "", null),
        new("log_dir", "FOLDER", "", null), new("log-dir", "FOLDER", "", null), new("log-flush-frequency", "DURATION", "", null),
        new("logtostderr", null, "", null), new("stderrthreshold", "LEVEL", "", null), new("v", "LEVEL", "", null), new("vmodule", "LEVELS", "", null),
    ];
}
