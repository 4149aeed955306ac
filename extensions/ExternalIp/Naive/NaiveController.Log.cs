using Interlook.Extensions.Kubernetes.Objects;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Naive;

internal sealed partial class NaiveController
{
    private static partial class Log
    {
        [LoggerMessage(6451, LogLevel.Warning, "Service {Service} asks for '{Address}', which no interface can have: correct its externalIPs")]
        internal static partial void Unusable(ILogger logger, ObjectName service, string address);
    }
}
