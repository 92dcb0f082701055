using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LogAudit.Hosting;

/// <summary>Runs a function as a custom runtime of Function Compute.</summary>
public static class FunctionHost
{
    /// <summary>Listens until the platform stops the process.</summary>
    /// <param name="compose">Registers the function, with <see cref="AddFunction"/> among the rest. It runs beside the start of the server; what it throws fails <c>/initialize</c> and every <c>/invoke</c>, so that the reason reaches the log and the caller.</param>
    /// <param name="cancel">Stops the server; the platform's signal does too.</param>
    /// <returns>Exit code.</returns>
    public static Task<int> RunAsync(Func<FunctionSetup, IServiceCollection> compose, CancellationToken cancel) =>
        RunAsync(
            setup => compose(setup).BuildServiceProvider().GetRequiredService<FunctionHandler>(),
            Environment.GetEnvironmentVariable,
            AllVariables,
            Console.OpenStandardOutput(),
            TimeProvider.System,
            _ => { },
            cancel
        );

    /// <summary>Registers what an invocation runs.</summary>
    /// <param name="services">The services.</param>
    /// <param name="run">Runs the work of <typeparamref name="T"/> once.</param>
    public static IServiceCollection AddFunction<T>(
        this IServiceCollection services,
        Func<T, Invocation, CancellationToken, Task<ReadOnlyMemory<byte>>> run
    )
        where T : notnull =>
        services.AddSingleton<FunctionHandler>(given =>
        {
            var work = given.GetRequiredService<T>();
            return (invocation, cancel) => run(work, invocation, cancel);
        });

    internal static async Task<int> RunAsync(
        Func<FunctionSetup, FunctionHandler> compose,
        Func<string, string?> variable,
        Func<IEnumerable<KeyValuePair<string, string>>> variables,
        Stream output,
        TimeProvider time,
        Action<WebApplication> started,
        CancellationToken cancel
    )
    {
        var current = new CurrentInvocation();
        using var lines = new JsonLines(output, time, current);
        using var logs = new LoggerFactory([lines], Filter(variable("LOGAUDIT_LOG_LEVEL")));
        using var running = new RunningInvocations(time);
        var setup = new FunctionSetup(variable, variables, logs, time) { Invocation = current };
        var composition = Task.Run(() => Composed(compose, setup), cancel);
        var server = new FunctionServer(
            composition,
            current,
            lines,
            time,
            running,
            OtherLimit(variable("LOGAUDIT_FUNCTION_TIMEOUT_SECONDS")),
            logs.CreateLogger<FunctionServer>()
        );

        await using var app = Build(Port(variable), logs);
        app.Run(server.AnswerAsync);
        app.Lifetime.ApplicationStarted.Register(() => started(app));
        await app.RunAsync(cancel);
        await running.DrainAsync(TimeSpan.Zero, TimeSpan.FromSeconds(5), CancellationToken.None);
        return 0;
    }

    private static FunctionHandler Composed(Func<FunctionSetup, FunctionHandler> compose, FunctionSetup setup)
    {
        var handler = compose(setup);
        // Every call is signed, and the first signature loads the native library of cryptography: better while the server starts than after the event has come.
        _ = HMACSHA256.HashData("warm"u8, "up"u8);
        return handler;
    }

    private static WebApplication Build(int port, ILoggerFactory logs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(25));
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // The platform keeps connections and does not like them closed under it.
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromHours(24);
            kestrel.Limits.MaxRequestBodySize = FunctionServer.MaxBodyBytes + 1024 * 1024;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.AddServerHeader = false;
            kestrel.ListenAnyIP(port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        return builder.Build();
    }

    private static int Port(Func<string, string?> variable) =>
        Number(variable("FC_SERVER_PORT")) ?? Number(variable("FC_CUSTOM_LISTEN_PORT")) ?? 9000;

    private static TimeSpan OtherLimit(string? seconds) => TimeSpan.FromSeconds(Number(seconds) ?? 60);

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static LoggerFilterOptions Filter(string? level)
    {
        var least = Enum.TryParse<LogLevel>(level, ignoreCase: true, out var set) ? set : LogLevel.Information;
        return new LoggerFilterOptions
        {
            MinLevel = least,
            Rules =
            {
                new LoggerFilterRule(null, "Microsoft", LogLevel.Warning, null),
                new LoggerFilterRule(null, "System", LogLevel.Warning, null),
            },
        };
    }

    private static IEnumerable<KeyValuePair<string, string>> AllVariables()
    {
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            yield return new((string)entry.Key, (string?)entry.Value ?? "");
        }
    }
}
