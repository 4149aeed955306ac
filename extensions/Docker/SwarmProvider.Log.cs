using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Docker;

internal sealed partial class SwarmProvider
{
    private static partial class Log
    {
        [LoggerMessage(5311, LogLevel.Information, "{Extension} is connected to the swarm of Docker at {Endpoint}, API {Version}")]
        internal static partial void Connected(ILogger logger, string extension, string endpoint, string version);
    }
}
