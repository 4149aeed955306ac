using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Holding;

internal sealed partial class AddressKeeper
{
    private static partial class Log
    {
        [LoggerMessage(6401, LogLevel.Error, "Addresses on {Link} cannot be kept as they should be; it is tried again: {Reason}: {Message}")]
        internal static partial void Failed(ILogger logger, string link, Reason reason, string message);

        [LoggerMessage(
            6402, LogLevel.Warning,
            "Whether a neighbour on {Link} has an address cannot be found out; it is tried again: {Reason}: {Message}")]
        internal static partial void ProbeFailed(ILogger logger, string link, Reason reason, string message);

        [LoggerMessage(6403, LogLevel.Warning, "Addresses of ours stay on {Link} until their lifetime is over: {Message}")]
        internal static partial void Left(ILogger logger, string link, string message);
    }
}
