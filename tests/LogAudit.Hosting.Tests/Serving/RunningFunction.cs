using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;

namespace LogAudit.Hosting.Tests.Serving;

/// <summary>A function that listens on loopback, as the platform would start it.</summary>
internal sealed class RunningFunction : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly MemoryStream output = new();
    private readonly HttpClient http;
    private readonly Task<int> host;

    private RunningFunction(Func<FunctionSetup, FunctionHandler> compose, Dictionary<string, string> environment)
    {
        var port = FreePort();
        environment.TryAdd("FC_SERVER_PORT", $"{port}");
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host = FunctionHost.RunAsync(
            compose,
            name => environment.GetValueOrDefault(name),
            () => environment,
            Stream.Synchronized(output),
            TimeProvider.System,
            _ => started.SetResult(),
            stop.Token
        );
        Started = Task.WhenAny(started.Task, host);
#pragma warning disable RS0030 // A test is its own composition.
        http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(60) };
#pragma warning restore RS0030
    }

    public Task Started { get; }

    public static async Task<RunningFunction> StartAsync(
        FunctionHandler handler,
        params (string Name, string Value)[] environment
    ) => await StartAsync(_ => handler, environment);

    public static async Task<RunningFunction> StartAsync(
        Func<FunctionSetup, FunctionHandler> compose,
        params (string Name, string Value)[] environment
    )
    {
        var function = new RunningFunction(
            compose,
            environment.ToDictionary(variable => variable.Name, variable => variable.Value)
        );
        await function.Started;
        return function;
    }

    public async Task<(int Status, string FcStatus, string Body)> SendAsync(
        string method,
        string path,
        byte[]? body,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : new ByteArrayContent(body);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request);
        var fcStatus = response.Headers.TryGetValues("x-fc-status", out var values) ? values.Single() : "";
        return ((int)response.StatusCode, fcStatus, await response.Content.ReadAsStringAsync());
    }

    public Task<(int Status, string FcStatus, string Body)> InvokeAsync(
        string body,
        params (string Name, string Value)[] headers
    ) => SendAsync("POST", "/invoke", Encoding.UTF8.GetBytes(body), [("x-fc-request-id", "r-1"), .. headers]);

    /// <summary>Stops the function and gives what it wrote to standard output.</summary>
    public async Task<string[]> StopAsync()
    {
        await stop.CancelAsync();
        await host;
        return Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        http.Dispose();
        stop.Dispose();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
