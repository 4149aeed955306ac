using Interlook.Extensions.Kubernetes.Objects;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

internal sealed partial class LeaderElection
{
    private static partial class Log
    {
        [LoggerMessage(6484, LogLevel.Information, "{Identity} leads")]
        internal static partial void Leads(ILogger logger, string identity);

        [LoggerMessage(6485, LogLevel.Warning, "{Identity} leads no more, and waits to lead again")]
        internal static partial void Lost(ILogger logger, string identity);

        [LoggerMessage(6486, LogLevel.Information, "The leader lease {Lease} is held by '{Identity}'")]
        internal static partial void Holder(ILogger logger, ObjectName lease, string identity);

        [LoggerMessage(6487, LogLevel.Warning, "The leader lease {Lease} cannot be had or renewed: {Reason}: {Message}")]
        internal static partial void Failed(ILogger logger, ObjectName lease, Reason reason, string message);

        [LoggerMessage(6488, LogLevel.Information, "The leader lease {Lease} can be reached again")]
        internal static partial void Recovered(ILogger logger, ObjectName lease);

        [LoggerMessage(6489, LogLevel.Warning, "The leader lease {Lease} was not given back, and the others wait until it expires: {Message}")]
        internal static partial void NotReleased(ILogger logger, ObjectName lease, string message);
    }
}
