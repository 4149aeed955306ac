using Microsoft.Extensions.Logging;

namespace Interlook.Engine.Watching;

internal sealed partial class EntryFollowing
{
    private static partial class Log
    {
        [LoggerMessage(1402, LogLevel.Error, "{Step} no longer follows how its services fare; it begins again")]
        internal static partial void FollowerBroke(ILogger logger, Exception fault, string step);
    }
}
