using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

internal sealed partial class ClaimDefinitions
{
    private static partial class Log
    {
        [LoggerMessage(6482, LogLevel.Information, "{Name} was defined in the cluster")]
        internal static partial void Made(ILogger logger, string name);

        [LoggerMessage(6483, LogLevel.Warning, "{Name} is defined in the cluster without the version {Version}, and is left as it is: compare it with {Manifest}")]
        internal static partial void LacksVersion(ILogger logger, string name, string version, string manifest);
    }
}
