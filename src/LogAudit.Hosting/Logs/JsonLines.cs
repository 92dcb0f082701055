using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace LogAudit.Hosting;

/// <summary>Writes log events as JSON, one line each, as the platform collects them from standard output.</summary>
/// <remarks>
/// A line: <c>{"time":"2026-01-15T08:30:45.123Z","level":"Information","event":7001,"requestId":"…","category":"…","message":"…","fields":{…},"exception":"…"}</c>.
/// The platform takes 32 KB a line; longer texts are cut and end with <c>…</c>.
/// </remarks>
internal sealed class JsonLines(Stream to, TimeProvider time, CurrentInvocation invocation) : ILoggerProvider
{
    private const int MaxMessage = 8 * 1024;
    private const int MaxField = 1024;
    private const int MaxFields = 8 * 1024;
    private const int MaxException = 12 * 1024;

    // Nobody puts a log line into HTML: letters stay readable.
    private static readonly JsonWriterOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Lock gate = new();
    private readonly ArrayBufferWriter<byte> line = new(1024);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    /// <summary>Writes a line of plain text, in which the platform looks for the begin and the end of a request.</summary>
    public void WritePlain(string text)
    {
        lock (gate)
        {
            to.Write(Encoding.UTF8.GetBytes($"{text}\n"));
            to.Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Standard output is not ours to close.
    }

    private void Write<TState>(
        string category,
        LogLevel level,
        EventId id,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> format
    )
    {
        var message = format(state, exception);
        lock (gate)
        {
            line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(line, Readable))
            {
                json.WriteStartObject();
                json.WriteString("time", time.GetUtcNow().UtcDateTime);
                json.WriteString("level", Name(level));
                json.WriteNumber("event", id.Id);
                if (invocation.Value.RequestId is { Length: > 0 } requestId)
                {
                    json.WriteString("requestId", Cut(requestId, MaxField));
                }

                json.WriteString("category", category);
                json.WriteString("message", Cut(message, MaxMessage));
                WriteFields(json, state as IReadOnlyList<KeyValuePair<string, object?>>);
                if (exception is not null)
                {
                    json.WriteString("exception", Cut(exception.ToString(), MaxException));
                }

                json.WriteEndObject();
            }

            line.Write("\n"u8);
            to.Write(line.WrittenSpan);
            to.Flush();
        }
    }

    private static void WriteFields(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>>? fields)
    {
        var left = MaxFields;
        var open = false;
        for (var i = 0; i < (fields?.Count ?? 0) && left > 0; i++)
        {
            var (name, value) = fields![i];
            if (name is "{OriginalFormat}")
            {
                continue;
            }

            if (!open)
            {
                json.WriteStartObject("fields");
                open = true;
            }

            left -= WriteField(json, name, value);
        }

        if (open)
        {
            json.WriteEndObject();
        }
    }

    private static int WriteField(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(name);
                return name.Length;
            case bool truth:
                json.WriteBoolean(name, truth);
                return name.Length;
            case int number:
                json.WriteNumber(name, number);
                return name.Length;
            case long number:
                json.WriteNumber(name, number);
                return name.Length;
            case double number when double.IsFinite(number):
                json.WriteNumber(name, number);
                return name.Length;
            default:
                var text = Cut(
                    Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "",
                    MaxField
                );
                json.WriteString(name, text);
                return name.Length + text.Length;
        }
    }

    // A letter outside ASCII takes up to six bytes as \uXXXX, so the budget is counted in the longer of both.
    private static string Cut(string text, int most)
    {
        var cost = 0;
        for (var i = 0; i < text.Length; i++)
        {
            cost += text[i] is >= ' ' and < '\u007f' and not ('"' or '\\' or '<' or '>' or '&' or '\'' or '+' or '`')
                ? 1
                : 6;
            if (cost > most)
            {
                return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[Math.Max(i - 1, 0)]) ? i - 1 : i), "…");
            }
        }

        return text;
    }

    private static string Name(LogLevel level) =>
        level switch
        {
            LogLevel.Trace => "Trace",
            LogLevel.Debug => "Debug",
            LogLevel.Information => "Information",
            LogLevel.Warning => "Warning",
            LogLevel.Error => "Error",
            _ => "Critical",
        };

    private sealed class Category(JsonLines owner, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => owner.Write(name, logLevel, eventId, state, exception, formatter);
    }
}
