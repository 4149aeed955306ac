using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Docker;

internal sealed partial class DockerProvider
{
    private static partial class Log
    {
        [LoggerMessage(5301, LogLevel.Information, "{Extension} is connected to Docker at {Endpoint}, API {Version}")]
        internal static partial void Connected(ILogger logger, string extension, string endpoint, string version);
    }
}
