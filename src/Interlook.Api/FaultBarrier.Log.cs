using Microsoft.Extensions.Logging;

namespace Interlook.Api;

internal sealed partial class FaultBarrier
{
    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Error, "{Method} {Path} failed in a way it should not; please report it")]
        internal static partial void Faulted(ILogger logger, Exception fault, string method, string path);
    }
}
