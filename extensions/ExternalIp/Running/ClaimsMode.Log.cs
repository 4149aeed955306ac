using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Running;

public static partial class ClaimsMode
{
    private static partial class Log
    {
        [LoggerMessage(6499, LogLevel.Warning, "the kinds of claims cannot be looked for yet, and are again in a second: {Problem}")]
        internal static partial void Waits(ILogger logger, string problem);
    }
}
