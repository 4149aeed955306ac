using System.Net;
using Interlook.Provisioners;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.TcpBalancer;

internal sealed partial class BalancedService
{
    private static partial class Log
    {
        [LoggerMessage(5901, LogLevel.Information, "{Service} listens on {Endpoint}")]
        internal static partial void Listening(ILogger logger, string service, IPEndPoint endpoint);

        [LoggerMessage(5902, LogLevel.Information, "{Service} no longer listens on {Endpoint}; its connections may end by themselves for a while")]
        internal static partial void Closed(ILogger logger, string service, IPEndPoint endpoint);

        [LoggerMessage(5903, LogLevel.Warning, "target {Target} of {Service} is unhealthy: {Problem}")]
        internal static partial void Down(ILogger logger, string target, string service, string problem);

        [LoggerMessage(5904, LogLevel.Information, "target {Target} of {Service} gets traffic again: {Health}")]
        internal static partial void Up(ILogger logger, string target, string service, TargetHealth health);

        [LoggerMessage(5905, LogLevel.Warning, "{Service} has no target that could take a connection: clients are turned away")]
        internal static partial void NoTarget(ILogger logger, string service);

        [LoggerMessage(5906, LogLevel.Warning, "{Service} has maxConnections ({Limit}) connections: further clients wait")]
        internal static partial void Full(ILogger logger, string service, int limit);

        [LoggerMessage(5907, LogLevel.Warning, "{Service} cannot take or make connections for now: {Problem}; the limit of open files leaves {Limit} connections to all services, raise it (LimitNOFILE)")]
        internal static partial void Short(ILogger logger, string service, long limit, string problem);
    }
}
