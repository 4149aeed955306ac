using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Holding;

internal sealed partial class ReportStream
{
    private static partial class Log
    {
        [LoggerMessage(6411, LogLevel.Information, "{Address} is on {Link}")]
        internal static partial void Added(ILogger logger, string address, string link);

        [LoggerMessage(6412, LogLevel.Information, "{Address} is no longer on {Link}")]
        internal static partial void Gone(ILogger logger, string address, string link);

        [LoggerMessage(6413, LogLevel.Warning, "{Address} is on {Link} already, and not ours: it is left alone, and will not move with us")]
        internal static partial void Foreign(ILogger logger, string address, string link);

        [LoggerMessage(
            6414, LogLevel.Warning,
            "{Address} is not added to {Link}: {Hardware} answers for it. It is probed for; find that machine if it should not have it")]
        internal static partial void Conflict(ILogger logger, string address, string link, string hardware);

        [LoggerMessage(6415, LogLevel.Information, "Nobody answers for {Address} on {Link} any more")]
        internal static partial void ConflictOver(ILogger logger, string address, string link);

        [LoggerMessage(6416, LogLevel.Warning, "The kernel refuses an address; it is tried again: {Message}")]
        internal static partial void Refused(ILogger logger, string message);

        [LoggerMessage(6417, LogLevel.Warning, "There is no interface {Link}: addresses wait for it")]
        internal static partial void LinkGone(ILogger logger, string link);

        [LoggerMessage(6418, LogLevel.Warning, "{Link} is down or has no carrier: nobody is reached by it")]
        internal static partial void LinkDown(ILogger logger, string link);

        [LoggerMessage(6419, LogLevel.Information, "{Link} is up")]
        internal static partial void LinkUp(ILogger logger, string link);
    }
}
