using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Engine;

public sealed partial class WorkflowEngine
{
    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Warning, "{Service} belongs to the workflow {Workflow}, which is not configured: its entry is kept and nothing is done for it")]
        internal static partial void WorkflowGone(ILogger logger, ServiceKey service, string workflow);

        [LoggerMessage(4, LogLevel.Warning, "some {Work} did not end in time; their outcome is found out after the next start")]
        internal static partial void LeftRunning(ILogger logger, string work);
    }
}
