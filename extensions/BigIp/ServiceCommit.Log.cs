using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.BigIp;

internal sealed partial class ServiceCommit
{
    private static partial class Log
    {
        [LoggerMessage(6201, LogLevel.Warning, "{System}: a commit was cut off, looking what is there and going on: {Problem}")]
        internal static partial void LookedAgain(ILogger logger, string system, string problem);
    }
}
