using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.FileStore;

internal sealed partial class FileRecordStore<T>
{
    private static partial class Log
    {
        [LoggerMessage(5501, LogLevel.Warning, "{Line}: dropped a line that was cut short when Interlook or the machine went down; it was never acknowledged")]
        internal static partial void TornLineDropped(ILogger logger, string line);

        [LoggerMessage(5502, LogLevel.Information, "{File}: converted {Count} records of the earlier system; the original is kept as {Original}")]
        internal static partial void Converted(ILogger logger, string file, int count, string original);

        [LoggerMessage(5503, LogLevel.Warning, "{File}: cannot fold the journal into the document now, nothing is lost: {Problem}")]
        internal static partial void FoldFailed(ILogger logger, string file, string problem);

        [LoggerMessage(5504, LogLevel.Error, "{File}: cannot write, nothing is acknowledged until it works again: {Problem}")]
        internal static partial void WriteFailed(ILogger logger, string file, string problem);

        [LoggerMessage(5505, LogLevel.Warning, "{File} is an empty file and was taken for a new one")]
        internal static partial void EmptyFile(ILogger logger, string file);

        [LoggerMessage(5506, LogLevel.Information, "{File}: writing works again")]
        internal static partial void Repaired(ILogger logger, string file);
    }
}
