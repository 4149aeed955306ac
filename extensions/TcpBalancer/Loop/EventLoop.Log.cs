using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.TcpBalancer.Loop;

internal sealed partial class EventLoop
{
    private static partial class Log
    {
        [LoggerMessage(5910, LogLevel.Error, "a connection was given up for a fault of Interlook's own")]
        internal static partial void Failed(ILogger logger, Exception fault);
    }
}
