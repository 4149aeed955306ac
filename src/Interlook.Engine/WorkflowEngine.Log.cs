using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Engine;

public sealed partial class WorkflowEngine
{
    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Warning, "{Service} belongs to the workflow {Workflow}, which is not configured any more: it is taken back")]
        internal static partial void WorkflowGone(ILogger logger, ServiceKey service, string workflow);

        [LoggerMessage(4, LogLevel.Warning, "some {Work} did not end in time; their outcome is found out after the next start")]
        internal static partial void LeftRunning(ILogger logger, string work);

        [LoggerMessage(5, LogLevel.Error, "a part of the engine had broken; please report it")]
        internal static partial void LoopBroke(ILogger logger, Exception fault);
    }
}
