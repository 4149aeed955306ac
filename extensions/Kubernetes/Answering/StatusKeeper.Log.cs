using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Kubernetes.Answering;

internal sealed partial class StatusKeeper
{
    private static partial class Log
    {
        [LoggerMessage(6321, LogLevel.Warning, "the status of {Service} was changed and could not be put back; it is tried again: {Message}")]
        internal static partial void NotPutBack(ILogger logger, Interlook.Services.ServiceKey service, string message);
    }
}
