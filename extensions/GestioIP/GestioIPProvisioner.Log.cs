using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.GestioIP;

internal sealed partial class GestioIPProvisioner
{
    private static partial class Log
    {
        [LoggerMessage(5750, LogLevel.Information, "reserving addresses of {Networks}: {Count} reservations are ours")]
        internal static partial void Started(ILogger logger, string networks, int count);

        [LoggerMessage(5751, LogLevel.Information, "reserved {Address} for {Service}")]
        internal static partial void Reserved(ILogger logger, string address, ServiceKey service);

        [LoggerMessage(5752, LogLevel.Information, "{Service} gave {Address} back")]
        internal static partial void Released(ILogger logger, ServiceKey service, string address);

        [LoggerMessage(5753, LogLevel.Warning, "{Service} does not get {Address} back and gets another: {Problem}")]
        internal static partial void Lost(ILogger logger, ServiceKey service, string address, string problem);
    }
}
