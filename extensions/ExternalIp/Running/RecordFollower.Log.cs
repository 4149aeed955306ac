using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Running;

internal sealed partial class RecordFollower
{
    private static partial class Log
    {
        [LoggerMessage(6511, LogLevel.Information, "The stream of {Kind} broke and is opened anew: {Reason}: {Message}")]
        internal static partial void Broke(ILogger logger, string kind, Reason reason, string message);
    }
}
