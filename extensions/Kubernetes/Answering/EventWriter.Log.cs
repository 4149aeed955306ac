using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Kubernetes.Answering;

internal sealed partial class EventWriter
{
    private static partial class Log
    {
        [LoggerMessage(6322, LogLevel.Warning, "the Event {Reason} of {Service} was not written: {Message}")]
        internal static partial void NotWritten(ILogger logger, string reason, ServiceKey service, string message);
    }
}
