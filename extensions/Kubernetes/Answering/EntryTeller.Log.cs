using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Kubernetes.Answering;

internal sealed partial class EntryTeller
{
    private static partial class Log
    {
        [LoggerMessage(6323, LogLevel.Warning, "how {Service} fares was not written to its status: {Message}")]
        internal static partial void NotTold(ILogger logger, ServiceKey service, string message);
    }
}
