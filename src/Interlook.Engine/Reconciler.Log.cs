using Interlook.Extensions;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Engine;

internal sealed partial class Reconciler
{
    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Debug, "{Step} {Action} {Service}")]
        internal static partial void StepDone(ILogger logger, string step, string action, ServiceKey service);

        [LoggerMessage(2002, LogLevel.Warning, "{Step} failed for {Service} ({Reason}): {Problem} (attempt {Attempts}, next in {Delay:0.#} s)")]
        internal static partial void StepFailed(ILogger logger, string step, ServiceKey service, Reason reason, string problem, int attempts, double delay);

        [LoggerMessage(2003, LogLevel.Information, "{Service} is {State}")]
        internal static partial void EntryClosed(ILogger logger, ServiceKey service, string state);

        [LoggerMessage(2004, LogLevel.Error, "the entry of {Service} cannot be written: {Problem}")]
        internal static partial void NotWritten(ILogger logger, ServiceKey service, string problem);

        [LoggerMessage(2005, LogLevel.Error, "{Step} broke its contract for {Service}")]
        internal static partial void StepBroke(ILogger logger, Exception fault, string step, ServiceKey service);

        [LoggerMessage(2006, LogLevel.Warning, "the hung call for {Service} has ended ({Outcome})")]
        internal static partial void HungCallEnded(ILogger logger, ServiceKey service, string outcome);
    }
}
