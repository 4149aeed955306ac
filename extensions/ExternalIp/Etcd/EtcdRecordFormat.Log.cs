using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Etcd;

internal sealed partial class EtcdRecordFormat<T>
{
    private static partial class Log
    {
        [LoggerMessage(6471, LogLevel.Warning, "{System}: {EtcdKey} is no record of this version and is left out: {Problem}")]
        internal static partial void NotARecord(ILogger logger, string system, string etcdKey, string problem);
    }
}
