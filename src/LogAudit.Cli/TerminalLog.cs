using Microsoft.Extensions.Logging;

namespace LogAudit.Cli;

/// <summary>Shows warnings and errors of the libraries on standard error, a line each.</summary>
internal sealed class TerminalLog(Terminal terminal) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Lines(terminal);

    public void Dispose() { }

    private sealed class Lines(Terminal terminal) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
            {
                var reason = exception is null ? "" : $": {exception.Message}";
                terminal.Tell(
                    $"{(logLevel == LogLevel.Warning ? "warning" : "error")}: {formatter(state, exception)}{reason}"
                );
            }
        }
    }
}
