using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.EmbeddedDns;

internal sealed partial class EmbeddedDnsProvisioner
{
    private static partial class Log
    {
        [LoggerMessage(5251, LogLevel.Information, "serving {Zones} at {Endpoints}")]
        internal static partial void Started(ILogger logger, string zones, string endpoints);

        [LoggerMessage(5252, LogLevel.Warning, "not served after the restart: {Problem}")]
        internal static partial void NotResumed(ILogger logger, string problem);
    }
}
