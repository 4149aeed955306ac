using Microsoft.Extensions.Logging;

namespace Interlook.Api.Exposition;

internal sealed partial class PrometheusExposition
{
    private static partial class Log
    {
        [LoggerMessage(4101, LogLevel.Warning, "some metrics could not be read and are missing in this scrape")]
        internal static partial void NotObserved(ILogger logger, Exception failure);

        [LoggerMessage(4102, LogLevel.Warning, "the metric {Instrument} is not shown: another kind of metric is called {Metric} too")]
        internal static partial void NamesClash(ILogger logger, string instrument, string metric);
    }
}
