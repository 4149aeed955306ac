using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Etcd;

internal sealed partial class EtcdElection
{
    private static partial class Log
    {
        [LoggerMessage(6472, LogLevel.Information, "{Identity} leads")]
        internal static partial void Leads(ILogger logger, string identity);

        [LoggerMessage(6473, LogLevel.Information, "{Identity} leads no longer")]
        internal static partial void LeadsNoLonger(ILogger logger, string identity);

        [LoggerMessage(6474, LogLevel.Warning, "The lead was not renewed: {Problem}; trying on")]
        internal static partial void NotRenewed(ILogger logger, string problem);

        [LoggerMessage(6475, LogLevel.Warning, "Cannot stand for election: {Problem}; trying on")]
        internal static partial void CannotStand(ILogger logger, string problem);

        [LoggerMessage(6476, LogLevel.Information, "The lead was not given back, its lease has to end: {Problem}")]
        internal static partial void NotGivenBack(ILogger logger, string problem);
    }
}
