using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Kubernetes;

internal sealed partial class KubernetesStatusProvisioner
{
    private static partial class Log
    {
        [LoggerMessage(6324, LogLevel.Error, "{Step} met something unforeseen, and begins again")]
        internal static partial void BeginsAgain(ILogger logger, Exception fault, string step);
    }
}
