using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

internal sealed partial class RefusalConditions
{
    private static partial class Log
    {
        [LoggerMessage(6491, LogLevel.Warning, "The status of Service {Service} could not say whether it waits for an address: {Message}")]
        internal static partial void NotSaid(ILogger logger, string service, string message);
    }
}
