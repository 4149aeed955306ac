using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

internal sealed partial class RecordWatch<T>
{
    private static partial class Log
    {
        [LoggerMessage(6481, LogLevel.Warning, "{Name} among the {Kind} cannot be read, and stays as it was: {Problem}; correct it")]
        internal static partial void Unreadable(ILogger logger, string kind, string name, string problem);
    }
}
