using Interlook.Extensions;
using Microsoft.Extensions.Logging;

namespace Interlook.Engine.Watching;

internal sealed partial class ExtensionMonitor
{
    private static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Warning, "{Extension} is not connected ({Reason}): {Problem}")]
        internal static partial void Lost(ILogger logger, string extension, Reason reason, string problem);

        [LoggerMessage(1102, LogLevel.Information, "{Extension} is connected again")]
        internal static partial void Recovered(ILogger logger, string extension);
    }
}
