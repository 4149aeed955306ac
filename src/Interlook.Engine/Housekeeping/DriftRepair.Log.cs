using Interlook.Extensions;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Engine.Housekeeping;

internal sealed partial class DriftRepair
{
    private static partial class Log
    {
        [LoggerMessage(3101, LogLevel.Warning, "{Step} drifted for {Service}: {Difference}; it is deployed again")]
        internal static partial void Drifted(ILogger logger, string step, ServiceKey service, string difference);

        [LoggerMessage(3102, LogLevel.Warning, "{Step} could not be compared with the outside world ({Reason}): {Problem}")]
        internal static partial void NotObserved(ILogger logger, string step, Reason reason, string problem);

        [LoggerMessage(3103, LogLevel.Warning, "{Step}: {Subject} bears our mark and no entry wants it")]
        internal static partial void Orphaned(ILogger logger, string step, string subject);

        [LoggerMessage(3105, LogLevel.Warning, "{Step} drifted for {Service}: {Difference}; it is left so (core.repairDrift)")]
        internal static partial void LeftDrifted(ILogger logger, string step, ServiceKey service, string difference);

        [LoggerMessage(3106, LogLevel.Information, "{Step}: what bears the mark of {Service} is an orphan and is taken back")]
        internal static partial void TakenBack(ILogger logger, string step, ServiceKey service);

        [LoggerMessage(3104, LogLevel.Error, "{Step} broke its contract while it was observed")]
        internal static partial void ObserverBroke(ILogger logger, Exception fault, string step);
    }
}
