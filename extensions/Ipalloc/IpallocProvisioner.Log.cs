using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Ipalloc;

internal sealed partial class IpallocProvisioner
{
    private static partial class Log
    {
        [LoggerMessage(5701, LogLevel.Information, "leasing addresses from {Range}: {Used} of {Size} are leased")]
        internal static partial void Started(ILogger logger, string range, int used, double size);

        [LoggerMessage(5702, LogLevel.Warning, "{Service} has {Address}, which is no longer in the range; it keeps it until it is deployed again")]
        internal static partial void OutsideRange(ILogger logger, ServiceKey service, string address);

        [LoggerMessage(5703, LogLevel.Information, "leased {Address} to {Service}")]
        internal static partial void Leased(ILogger logger, string address, ServiceKey service);

        [LoggerMessage(5704, LogLevel.Information, "{Service} gave {Address} back")]
        internal static partial void Returned(ILogger logger, ServiceKey service, string address);
    }
}
