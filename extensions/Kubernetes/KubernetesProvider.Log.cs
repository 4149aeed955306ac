using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Kubernetes;

internal sealed partial class KubernetesProvider
{
    private static partial class Log
    {
        [LoggerMessage(6301, LogLevel.Information, "{Extension} is connected to {Server}, where it sees {Count} Services")]
        internal static partial void Connected(ILogger logger, string extension, string server, int count);
    }
}
