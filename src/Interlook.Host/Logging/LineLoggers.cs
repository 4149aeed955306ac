using System.Globalization;
using System.Text;
using Interlook.Extensions;
using Microsoft.Extensions.Logging;

namespace Interlook.Host.Logging;

/// <summary>Makes loggers that write one line an event: UTC time, level, source, message.</summary>
internal sealed class LineLoggers(LogWriter writer, TimeProvider time) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new LineLogger(Short(categoryName), writer, time);

    public void Dispose()
    {
        // The writer outlives the loggers: the host closes it after its own last line.
    }

    // 'Interlook.Extensions.Docker.DockerProvider' says no more to an operator than 'DockerProvider'; 'lb.haproxy' is a name already.
    private static string Short(string category) =>
        category.Contains('.', StringComparison.Ordinal) && char.IsAsciiLetterUpper(category[0])
            ? category[(category.LastIndexOf('.') + 1)..]
            : category;

    private sealed class LineLogger(string source, LogWriter writer, TimeProvider time) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = new StringBuilder(160);
            line.Append(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Word(logLevel)} {source}: ");
            line.Append(formatter(state, exception));
            if (exception is ExtensionException)
                line.Append(": ").Append(exception.Message);
            else if (exception is not null)
                line.Append(": ").Append(exception);
            // One event, one line: nobody who names a service can forge an event.
            line.Replace("\r", "").Replace("\n", " | ");
            writer.Write(line.ToString());
        }

        private static string Word(LogLevel level) => level switch
        {
            LogLevel.Trace => "TRACE",
            LogLevel.Debug => "DEBUG",
            LogLevel.Information => "INFO ",
            LogLevel.Warning => "WARN ",
            LogLevel.Error => "ERROR",
            _ => "FATAL",
        };
    }
}
