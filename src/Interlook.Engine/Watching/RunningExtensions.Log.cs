using Microsoft.Extensions.Logging;

namespace Interlook.Engine.Watching;

internal sealed partial class RunningExtensions
{
    private static partial class Log
    {
        [LoggerMessage(1301, LogLevel.Information, "{Extension} started")]
        internal static partial void Started(ILogger logger, string extension);

        [LoggerMessage(1302, LogLevel.Warning, "{Extension} did not stop cleanly")]
        internal static partial void NotStopped(ILogger logger, Exception failure, string extension);

        [LoggerMessage(1303, LogLevel.Warning, "{Problem}; tried again in {Delay:0.0} s")]
        internal static partial void StartsLater(ILogger logger, string problem, double delay);
    }
}
