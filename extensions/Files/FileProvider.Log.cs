using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Files;

internal sealed partial class FileProvider
{
    private static partial class Log
    {
        [LoggerMessage(5401, LogLevel.Warning, "{Subject} cannot be used, what it said before stays: {Problem}")]
        internal static partial void Rejected(ILogger logger, string subject, string problem);

        [LoggerMessage(5402, LogLevel.Information, "no notifications for {Path}, it is looked at every {Interval}: {Problem}")]
        internal static partial void NoNotifications(ILogger logger, string path, TimeSpan interval, string problem);
    }
}
