using Interlook.Extensions;
using Microsoft.Extensions.Logging;

namespace Interlook.Engine.Watching;

internal sealed partial class ProviderRunner
{
    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Information, "{Provider} is in step with its platform")]
        internal static partial void InSync(ILogger logger, string provider);

        [LoggerMessage(1002, LogLevel.Warning, "the watch of {Provider} broke ({Reason}): {Problem}; nothing is withdrawn, opened again in {Delay:0.#} s")]
        internal static partial void WatchBroke(ILogger logger, string provider, Reason reason, string problem, double delay);

        [LoggerMessage(1003, LogLevel.Warning, "{Provider}: {Subject} asks for publication and cannot have it: {Problem}")]
        internal static partial void Rejected(ILogger logger, string provider, string subject, string problem);

        [LoggerMessage(1004, LogLevel.Error, "{Provider} broke its contract")]
        internal static partial void ProviderBroke(ILogger logger, Exception fault, string provider);
    }
}
