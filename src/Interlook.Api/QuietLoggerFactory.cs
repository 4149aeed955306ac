using Microsoft.Extensions.Logging;

namespace Interlook.Api;

/// <summary>Passes on what the web server has to say from warnings upwards: its start, its banner and its requests are nobody's news.</summary>
internal sealed class QuietLoggerFactory(ILoggerFactory loggers) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new QuietLogger(loggers.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    /// <summary>The host owns the loggers.</summary>
    public void Dispose()
    {
    }

    private sealed class QuietLogger(ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && logger.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
                logger.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
