using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Docker;

internal sealed partial class PublicHost
{
    private static partial class Log
    {
        [LoggerMessage(5303, LogLevel.Warning, "{Origin} has no usable address now; targets of variables stay announced at {Host}")]
        internal static partial void HostLost(ILogger logger, string origin, string host);

        [LoggerMessage(5304, LogLevel.Information, "{Origin} has moved from {Former} to {Host}; targets of variables are announced anew")]
        internal static partial void HostMoved(ILogger logger, string origin, string former, string host);
    }
}
