using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Fc;

/// <summary>What a function answered.</summary>
/// <param name="Ok">HTTP 200 and no <c>x-fc-status: 404</c>: both forms of failure that official code uses are accepted.</param>
/// <param name="Status">HTTP status; 0 when no answer came.</param>
/// <param name="Body">The answer, or what went wrong.</param>
internal sealed record InvocationResult(bool Ok, int Status, byte[] Body);

/// <summary>Temporary credentials of the function's role, as FC hands them over with each request.</summary>
internal sealed record FunctionCredentials(string AccessKeyId, string AccessKeySecret, string SecurityToken);

/// <summary>One running process of a function, spoken to by the custom-runtime contract.</summary>
/// <remarks>Paths, headers and limits: FC documentation, "web functions", "lifecycle hooks" and "context and log format".</remarks>
internal sealed class FunctionInstance : IAsyncDisposable
{
    private static readonly HttpClient Client = new(
        new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly FunctionDefinition function;
    private readonly Process process;
    private readonly int port;
    private volatile bool killed;

    private FunctionInstance(FunctionDefinition function, Process process, int port)
    {
        this.function = function;
        this.process = process;
        this.port = port;
    }

    public string Id { get; } = $"c-{Guid.NewGuid():n}"[..18];

    public int ProcessId => process.Id;

    public bool Alive => !killed && !process.HasExited;

    /// <summary>Requests in flight; guarded by the pool.</summary>
    public int Busy { get; set; }

    /// <summary>Starts the process, waits until it listens and runs the initializer.</summary>
    public static async Task<FunctionInstance> StartAsync(
        FunctionDefinition function,
        FunctionCredentials credentials,
        Action<string> log,
        CancellationToken cancel
    )
    {
        var port = FreePort();
        var start = new ProcessStartInfo
        {
            FileName = InCode(function, function.Command[0]),
            WorkingDirectory = function.CodeDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in function.Command.Skip(1))
        {
            start.ArgumentList.Add(InCode(function, argument));
        }

        SetEnvironment(start, function, credentials, port);
        Process process;
        try
        {
            process = Process.Start(start) ?? throw FcErrors.NotStarted($"{start.FileName} did not start");
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            throw FcErrors.NotStarted($"{start.FileName}: {error.Message}");
        }

        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var instance = new FunctionInstance(function, process, port);
        try
        {
            await instance.WaitUntilListeningAsync(cancel);
            if (function.InitializerTimeoutSeconds is int seconds)
            {
                await instance.InitializeAsync(credentials, TimeSpan.FromSeconds(seconds), cancel);
            }

            return instance;
        }
        catch
        {
            instance.Kill();
            throw;
        }

        void Keep(string? line)
        {
            if (line is not null)
            {
                log(line);
            }
        }
    }

    /// <summary>Sends one event; a function that does not answer within its time-out is killed, as FC does.</summary>
    public async Task<InvocationResult> InvokeAsync(
        string requestId,
        byte[] body,
        FunctionCredentials credentials,
        CancellationToken cancel
    )
    {
        using var request = Request(HttpMethod.Post, "/invoke", requestId, credentials);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new("application/octet-stream");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(function.TimeoutSeconds));
        try
        {
            using var answer = await Client.SendAsync(request, limit.Token);
            var content = await answer.Content.ReadAsByteArrayAsync(limit.Token);
            var refused =
                answer.Headers.TryGetValues("x-fc-status", out var values)
                && values.Any(value => !string.Equals(value, "200", StringComparison.Ordinal));
            return new InvocationResult(
                answer.StatusCode == HttpStatusCode.OK && !refused,
                (int)answer.StatusCode,
                content
            );
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            Kill();
            return new InvocationResult(
                false,
                0,
                System.Text.Encoding.UTF8.GetBytes($"function timed out after {function.TimeoutSeconds} s")
            );
        }
        catch (HttpRequestException error)
        {
            return new InvocationResult(
                false,
                0,
                System.Text.Encoding.UTF8.GetBytes($"function instance failed: {error.Message}")
            );
        }
    }

    /// <summary>Runs the pre-stop hook where there is one, then ends the process.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Alive && function.PreStopTimeoutSeconds is int seconds)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
            using var request = Request(HttpMethod.Get, "/pre-stop", Guid.NewGuid().ToString(), null);
            try
            {
                using var answer = await Client.SendAsync(request, limit.Token);
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
            {
                // FC ends the instance whatever the hook did.
            }
        }

        Kill();
        process.Dispose();
    }

    /// <summary>Ends the process at once, as a crash or an eviction would.</summary>
    public void Kill()
    {
        killed = true;
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It had ended already.
        }
    }

    private async Task InitializeAsync(FunctionCredentials credentials, TimeSpan limit, CancellationToken cancel)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timer.CancelAfter(limit);
        using var request = Request(HttpMethod.Post, "/initialize", Guid.NewGuid().ToString(), credentials);
        using var answer = await Client.SendAsync(request, timer.Token);
        if (!answer.IsSuccessStatusCode)
        {
            throw new CloudError(500, "FunctionInitializerFailed", await answer.Content.ReadAsStringAsync(timer.Token));
        }
    }

    private async Task WaitUntilListeningAsync(CancellationToken cancel)
    {
        // A server must be ready within 120 s of its start.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(120));
        while (Alive)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, port, limit.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
            }
        }

        throw new CloudError(
            500,
            "FunctionNotStarted",
            $"{function.Name}: the process ended with code {process.ExitCode} before it listened"
        );
    }

    private HttpRequestMessage Request(
        HttpMethod method,
        string path,
        string requestId,
        FunctionCredentials? credentials
    )
    {
        var request = new HttpRequestMessage(method, $"http://127.0.0.1:{port}{path}");
        Add("x-fc-request-id", requestId);
        Add("x-fc-control-path", path);
        Add("x-fc-function-name", function.Name);
        Add("x-fc-function-handler", "index.handler");
        Add("x-fc-function-memory", function.MemoryMb.ToString(CultureInfo.InvariantCulture));
        Add("x-fc-function-timeout", function.TimeoutSeconds.ToString(CultureInfo.InvariantCulture));
        Add("x-fc-region", function.Region);
        Add("x-fc-account-id", function.Account);
        Add("x-fc-qualifier", "LATEST");
        Add("x-fc-version-id", "");
        if (credentials is not null)
        {
            Add("x-fc-access-key-id", credentials.AccessKeyId);
            Add("x-fc-access-key-secret", credentials.AccessKeySecret);
            Add("x-fc-security-token", credentials.SecurityToken);
        }

        return request;

        void Add(string name, string value) => request.Headers.TryAddWithoutValidation(name, value);
    }

    private static void SetEnvironment(
        ProcessStartInfo start,
        FunctionDefinition function,
        FunctionCredentials credentials,
        int port
    )
    {
        var environment = start.Environment;
        foreach (
            var name in environment
                .Keys.Where(name =>
                    name.StartsWith("LOGAUDIT", StringComparison.OrdinalIgnoreCase)
                    || name.StartsWith("ALIBABA_CLOUD", StringComparison.Ordinal)
                )
                .ToArray()
        )
        {
            environment.Remove(name);
        }

        foreach (var (name, value) in function.Environment)
        {
            environment[name] = value;
        }

        environment["FC_SERVER_PORT"] = environment["FC_CUSTOM_LISTEN_PORT"] = port.ToString(
            CultureInfo.InvariantCulture
        );
        environment["FC_FUNC_CODE_PATH"] = function.CodeDirectory;
        environment["FC_ACCOUNT_ID"] = function.Account;
        environment["FC_REGION"] = function.Region;
        environment["FC_FUNCTION_NAME"] = function.Name;
        environment["FC_FUNCTION_MEMORY_SIZE"] = function.MemoryMb.ToString(CultureInfo.InvariantCulture);
        environment["ALIBABA_CLOUD_ACCESS_KEY_ID"] = credentials.AccessKeyId;
        environment["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = credentials.AccessKeySecret;
        environment["ALIBABA_CLOUD_SECURITY_TOKEN"] = credentials.SecurityToken;
    }

    /// <summary>There is no container: a path under <c>/code</c> means the unpacked package.</summary>
    private static string InCode(FunctionDefinition function, string path) =>
        path.StartsWith("/code/", StringComparison.Ordinal)
            ? Path.Combine(function.CodeDirectory, path["/code/".Length..])
            : path;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
