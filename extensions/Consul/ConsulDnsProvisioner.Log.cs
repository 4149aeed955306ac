using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Consul;

internal sealed partial class ConsulDnsProvisioner
{
    private static partial class Log
    {
        [LoggerMessage(5201, LogLevel.Warning,
            "{Name} of service {Service} is registered a second time, by node {Node} as {Id}: clients get both addresses until that is removed")]
        internal static partial void NameShared(ILogger logger, string name, ServiceKey service, string node, string id);
    }
}
