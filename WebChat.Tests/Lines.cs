using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WebChat.Tests;

/// <summary>Keeps every line that is logged, with what went wrong.</summary>
internal sealed class Lines(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Enqueue($"{formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
