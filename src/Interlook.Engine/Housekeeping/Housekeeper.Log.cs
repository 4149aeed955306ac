using Interlook.Extensions;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Engine.Housekeeping;

internal sealed partial class Housekeeper
{
    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Warning, "{Service} could not be read again from {Provider} ({Reason}): {Problem}; it stays as it is")]
        internal static partial void RefreshFailed(ILogger logger, ServiceKey service, string provider, Reason reason, string problem);
    }
}
