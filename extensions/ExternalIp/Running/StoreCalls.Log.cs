using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Running;

internal sealed partial class StoreCalls
{
    private static partial class Log
    {
        [LoggerMessage(6501, LogLevel.Warning, "The store of the claims does not answer as it should; it is asked again: {Reason}: {Message}")]
        internal static partial void Failing(ILogger logger, Reason reason, string message);

        [LoggerMessage(6502, LogLevel.Information, "The store of the claims answers again")]
        internal static partial void Recovered(ILogger logger);

        [LoggerMessage(6503, LogLevel.Error, "A request to the store of the claims failed as none should: this is a fault of Interlook's own")]
        internal static partial void Faulty(ILogger logger, Exception problem);
    }
}
