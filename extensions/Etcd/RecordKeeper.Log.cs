using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Etcd;

internal sealed partial class RecordKeeper
{
    private static partial class Log
    {
        [LoggerMessage(5811, LogLevel.Warning, "{System}: the records cannot be kept alive: {Problem}; trying on")]
        internal static partial void CannotKeep(ILogger logger, string system, string problem);

        [LoggerMessage(5812, LogLevel.Information, "{System} is back; the records are kept alive again")]
        internal static partial void BackAgain(ILogger logger, string system);

        [LoggerMessage(5813, LogLevel.Debug, "The records of {Services} services were written again to {System}")]
        internal static partial void WrittenAgain(ILogger logger, int services, string system);

        [LoggerMessage(5814, LogLevel.Warning, "The records of service {Service} could not be written again: {Problem}")]
        internal static partial void HeldByOthers(ILogger logger, ServiceKey service, string problem);

        [LoggerMessage(5815, LogLevel.Error, "Keeping the records at {System} alive failed; trying on")]
        internal static partial void PassFailed(ILogger logger, string system, Exception fault);
    }
}
