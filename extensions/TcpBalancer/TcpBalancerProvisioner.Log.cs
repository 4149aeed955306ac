using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.TcpBalancer;

internal sealed partial class TcpBalancerProvisioner
{
    private static partial class Log
    {
        [LoggerMessage(5921, LogLevel.Information, "balancing in this process, on port {HttpPort}, or {HttpsPort} for TLS; the limit of open files leaves {Limit} connections")]
        internal static partial void Started(ILogger logger, int httpPort, int httpsPort, long limit);

        [LoggerMessage(5922, LogLevel.Warning, "{Service} is not taken up again: {Problem}")]
        internal static partial void NotResumed(ILogger logger, string service, string problem);
    }
}
