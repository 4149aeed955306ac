using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.HAProxy;

internal sealed partial class SectionCommit
{
    private static partial class Log
    {
        [LoggerMessage(5611, LogLevel.Warning, "HAProxy could not load {File}, which an interrupted change had left; the content before it was restored: {Reason}")]
        internal static partial void Returned(ILogger logger, string file, string reason);
    }
}
