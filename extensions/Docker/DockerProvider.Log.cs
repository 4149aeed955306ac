using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Docker;

internal sealed partial class DockerProvider
{
    private static partial class Log
    {
        [LoggerMessage(5301, LogLevel.Information, "{Extension} is connected to Docker at {Endpoint}, API {Version}")]
        internal static partial void Connected(ILogger logger, string extension, string endpoint, string version);

        [LoggerMessage(5302, LogLevel.Information, "{Extension} announces targets of variables at {Host}, from {Origin}")]
        internal static partial void HostFound(ILogger logger, string extension, string host, string origin);
    }
}
