using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Etcd;

internal sealed partial class SkyDnsProvisioner
{
    private static partial class Log
    {
        [LoggerMessage(5801, LogLevel.Warning, "{Name} has a record that no Interlook wrote, {EtcdKey}: it is left alone, and clients get it beside ours")]
        internal static partial void NameShared(ILogger logger, string name, string etcdKey);

        [LoggerMessage(5802, LogLevel.Warning, "Service {Service} was not taken up again: {Problem}")]
        internal static partial void NotResumed(ILogger logger, ServiceKey service, string problem);

        [LoggerMessage(5803, LogLevel.Warning, "{System}: what was published before the restart could not be written yet: {Problem}; trying on")]
        internal static partial void ResumesLater(ILogger logger, string system, string problem);

        [LoggerMessage(5804, LogLevel.Information, "{System} is spoken to through {Api}")]
        internal static partial void InterfaceFound(ILogger logger, string system, string api);
    }
}
