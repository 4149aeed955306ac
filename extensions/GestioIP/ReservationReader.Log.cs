using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.GestioIP;

internal sealed partial class ReservationReader
{
    private static partial class Log
    {
        [LoggerMessage(5754, LogLevel.Information, "{System} does not list the hosts of a network with their comments: they are searched by comment")]
        internal static partial void ListMissing(ILogger logger, string system);

        [LoggerMessage(5755, LogLevel.Warning, "the hosts of {Network} cannot be listed and are searched by comment: {Problem}")]
        internal static partial void ListSpoiled(ILogger logger, string network, string problem);
    }
}
