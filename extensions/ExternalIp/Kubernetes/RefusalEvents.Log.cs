using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

internal sealed partial class RefusalEvents
{
    private static partial class Log
    {
        [LoggerMessage(6490, LogLevel.Warning, "Service {Service} could not be told that it was refused an address ({Reason}): {Message}")]
        internal static partial void NotTold(ILogger logger, string service, Reason reason, string message);
    }
}
