using Microsoft.Extensions.Logging;

namespace Interlook.Engine.Watching;

internal sealed partial class ConditionWatch
{
    private static partial class Log
    {
        [LoggerMessage(1401, LogLevel.Error, "{Step} no longer says how its services fare; it is asked again")]
        internal static partial void SourceBroke(ILogger logger, Exception fault, string step);
    }
}
