using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Running;

internal sealed partial class SchedulerLoop
{
    private static partial class Log
    {
        [LoggerMessage(6531, LogLevel.Information, "This scheduler acts from now on")]
        internal static partial void Acts(ILogger logger);

        [LoggerMessage(6536, LogLevel.Information, "This scheduler only looks from now on")]
        internal static partial void Looks(ILogger logger);

        [LoggerMessage(6532, LogLevel.Information, "Node {Node} was silent for the whole expiry: its record is read anew before its addresses are given to others")]
        internal static partial void Silent(ILogger logger, string node);

        [LoggerMessage(6537, LogLevel.Information, "Node {Node} was silent for {Span} and has no claim: its record is removed")]
        internal static partial void Gone(ILogger logger, string node, TimeSpan span);

        [LoggerMessage(6533, LogLevel.Information, "Claim {Claim}: node '{Node}', holder '{Holder}'")]
        internal static partial void Written(ILogger logger, string claim, string node, string holder);

        [LoggerMessage(6534, LogLevel.Information, "Claim {Claim} is deleted")]
        internal static partial void Deleted(ILogger logger, string claim);

        [LoggerMessage(6535, LogLevel.Warning, "An address pool cannot be used as it is written: {Problem}")]
        internal static partial void Problem(ILogger logger, string problem);
    }
}
