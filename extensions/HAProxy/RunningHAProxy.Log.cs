using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.HAProxy;

internal sealed partial class RunningHAProxy
{
    private static partial class Log
    {
        [LoggerMessage(5601, LogLevel.Information, "HAProxy reloaded with {Services} services in {Milliseconds:0} ms")]
        internal static partial void Reloaded(ILogger logger, int services, double milliseconds);

        [LoggerMessage(5602, LogLevel.Debug, "HAProxy took {Commands} commands for {Services} services without a reload")]
        internal static partial void Changed(ILogger logger, int commands, int services);

        [LoggerMessage(5603, LogLevel.Information, "HAProxy is reloaded because a change without a reload did not do: {Difference}")]
        internal static partial void NotChanged(ILogger logger, string difference);
    }
}
