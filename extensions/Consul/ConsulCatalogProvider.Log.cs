using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Consul;

internal sealed partial class ConsulCatalogProvider
{
    private static partial class Log
    {
        [LoggerMessage(5211, LogLevel.Information, "{Extension} is connected to Consul at {Url}, whose catalog lists {Count} services")]
        internal static partial void Connected(ILogger logger, string extension, Uri url, int count);
    }
}
