using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.TcpBalancer.Checking;

internal sealed partial class TargetWatch
{
    private static partial class Log
    {
        [LoggerMessage(5911, LogLevel.Error, "target {Target} of {Service} cannot be checked for now, for a fault on this side; it is tried again")]
        internal static partial void Failed(ILogger logger, string target, string service, Exception fault);
    }
}
