using Microsoft.Extensions.Logging;

namespace Interlook.Engine;

internal sealed partial class Intake
{
    private static partial class Log
    {
        [LoggerMessage(1201, LogLevel.Error, "a snapshot of {Provider} would withdraw {Held} of its {Known} services: held until the next one confirms it, or until POST /providers/{Provider}/approve")]
        internal static partial void WithdrawalsHeld(ILogger logger, string provider, int held, int known);

        [LoggerMessage(1202, LogLevel.Warning, "{Withdrawn} held withdrawals of {Provider} were approved")]
        internal static partial void WithdrawalsApproved(ILogger logger, string provider, int withdrawn);
    }
}
