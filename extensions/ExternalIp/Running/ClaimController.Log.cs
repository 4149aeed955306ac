using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Running;

internal sealed partial class ClaimController
{
    private static partial class Log
    {
        [LoggerMessage(6521, LogLevel.Information, "Node {Node} leaves: its addresses are being moved to others")]
        internal static partial void Leaving(ILogger logger, string node);

        [LoggerMessage(6522, LogLevel.Warning, "Not all addresses of node {Node} were moved within {Patience}: the rest is given up; does a scheduler run, and another node?")]
        internal static partial void Releasing(ILogger logger, string node, TimeSpan patience);

        [LoggerMessage(6524, LogLevel.Information, "Other processes work as node {Node}: its claims stay with them")]
        internal static partial void Staying(ILogger logger, string node);

        [LoggerMessage(
            6525, LogLevel.Error,
            "Another process works as node {Node}: both put the same addresses on their interfaces. Give each machine its own --hostname; only with --iface lo one name for all is right")]
        internal static partial void Shared(ILogger logger, string node);

        [LoggerMessage(6523, LogLevel.Warning, "The store does not know that node {Node} has given up its addresses: others get them when it counts as dead")]
        internal static partial void Unreleased(ILogger logger, string node);
    }
}
