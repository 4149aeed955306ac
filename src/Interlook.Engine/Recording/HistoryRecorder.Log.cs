using Microsoft.Extensions.Logging;

namespace Interlook.Engine.Recording;

internal sealed partial class HistoryRecorder
{
    private static partial class Log
    {
        [LoggerMessage(2101, LogLevel.Error, "the stored histories cannot be read: {Problem}; services are not touched by it, their history begins anew and is not written")]
        internal static partial void NotRead(ILogger logger, string problem);

        [LoggerMessage(2102, LogLevel.Error, "the history of {Key} cannot be written: {Problem}; services are not touched by it, and it is tried again")]
        internal static partial void NotWritten(ILogger logger, string key, string problem);

        [LoggerMessage(2103, LogLevel.Information, "histories are written again")]
        internal static partial void WrittenAgain(ILogger logger);
    }
}
