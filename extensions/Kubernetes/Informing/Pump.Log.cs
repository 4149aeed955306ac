using Interlook.Extensions.Kubernetes.Objects;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Kubernetes.Informing;

internal sealed partial class Pump<T>
{
    private static partial class Log
    {
        [LoggerMessage(6311, LogLevel.Warning, "The {Kind} of Kubernetes cannot be followed, and stay as they were last seen: {Reason}: {Message}")]
        internal static partial void Failed(ILogger logger, string kind, Reason reason, string message);

        [LoggerMessage(6312, LogLevel.Information, "The {Kind} of Kubernetes are followed again")]
        internal static partial void Recovered(ILogger logger, string kind);

        [LoggerMessage(6313, LogLevel.Information, "The server has forgotten version {Version} of the {Kind}: they are listed anew")]
        internal static partial void Expired(ILogger logger, string kind, string version);

        [LoggerMessage(6314, LogLevel.Warning, "{Name} among the {Kind} cannot be read, and stays as it was: {Problem}")]
        internal static partial void Unreadable(ILogger logger, string kind, ObjectName name, string problem);

        [LoggerMessage(
            6315, LogLevel.Warning,
            "The server went back from version {Known} of the {Kind} to {Version}, as after a backup was restored: its list is taken")]
        internal static partial void WentBack(ILogger logger, string kind, string known, string version);
    }
}
