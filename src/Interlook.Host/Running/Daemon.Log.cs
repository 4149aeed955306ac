using System.Net;
using Microsoft.Extensions.Logging;

namespace Interlook.Host.Running;

internal sealed partial class Daemon
{
    private static partial class Log
    {
        [LoggerMessage(6001, LogLevel.Information, "version {Version} starts as process {Process}, instance {Instance}")]
        internal static partial void Starting(ILogger logger, string version, int process, string instance);

        [LoggerMessage(6002, LogLevel.Information, "API listens on {Address}")]
        internal static partial void ApiStarted(ILogger logger, IPEndPoint address);

        [LoggerMessage(6003, LogLevel.Information, "workflow {Workflow} runs: {Steps}")]
        internal static partial void WorkflowStarted(ILogger logger, string workflow, string steps);

        [LoggerMessage(6004, LogLevel.Critical, "{Problem}")]
        internal static partial void CannotStart(ILogger logger, string problem);

        [LoggerMessage(6005, LogLevel.Information, "stopping: calls under way may end, nothing is undeployed")]
        internal static partial void Stopping(ILogger logger);

        [LoggerMessage(6006, LogLevel.Information, "stopped")]
        internal static partial void Stopped(ILogger logger);

        [LoggerMessage(6007, LogLevel.Error, "not everything stopped in time; what was under way is taken up again at the next start")]
        internal static partial void StoppedLate(ILogger logger);
    }
}
