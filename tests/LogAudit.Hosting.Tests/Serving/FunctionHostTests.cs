using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace LogAudit.Hosting.Tests.Serving;

public sealed class FunctionHostTests
{
    private static readonly FunctionHandler Echo = (invocation, _) => Task.FromResult(invocation.Body);

    [Theory]
    [InlineData("POST", "/invoke", "")]
    [InlineData("POST", "/", "/invoke")]
    [InlineData("POST", "/anything", "/invoke")]
    public async Task RunAsync_answers_an_event_by_header_first_and_path_second(
        string method,
        string path,
        string control
    )
    {
        await using var function = await RunningFunction.StartAsync(Echo);

        var answer = await function.SendAsync(method, path, "hello"u8.ToArray(), Control(control));

        Assert.Equal((200, "200", "hello"), answer);
    }

    [Theory]
    [InlineData("POST", "/invoke", "/http-invoke")]
    [InlineData("GET", "/invoke", "")]
    [InlineData("GET", "/", "")]
    [InlineData("POST", "/pre-freeze", "")]
    [InlineData("GET", "/../etc/passwd", "")]
    public async Task RunAsync_answers_anything_else_with_404_and_says_what_there_is(
        string method,
        string path,
        string control
    )
    {
        await using var function = await RunningFunction.StartAsync(Echo);

        var (status, fcStatus, body) = await function.SendAsync(
            method,
            path,
            method == "POST" ? [] : null,
            Control(control)
        );

        Assert.Equal((404, "404"), (status, fcStatus));
        Assert.Contains("POST /invoke, POST /initialize and GET /pre-stop", Message(body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_initializes_and_marks_the_begin_and_the_end()
    {
        await using var function = await RunningFunction.StartAsync(Echo);

        var answer = await function.SendAsync("POST", "/initialize", [], ("x-fc-request-id", "init-1"));
        await function.InvokeAsync("{}");
        var lines = await function.StopAsync();

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            [
                "FC Initialize Start RequestId: init-1",
                "FC Initialize End RequestId: init-1",
                "FC Invoke Start RequestId: r-1",
                "FC Invoke End RequestId: r-1",
            ],
            lines
        );
    }

    [Fact]
    public async Task RunAsync_tells_a_failed_composition_to_every_caller()
    {
        var wrong = new SettingsException("logaudit.yaml", [new("central", 3, "is missing", "an account", "x")]);
        await using var function = await RunningFunction.StartAsync(_ => throw wrong);

        var initialized = await function.SendAsync("POST", "/initialize", []);
        var invoked = await function.InvokeAsync("{}");

        Assert.Equal((404, "404"), (initialized.Status, initialized.FcStatus));
        Assert.Contains("line 3: central: is missing", Message(initialized.Body), StringComparison.Ordinal);
        Assert.Contains("line 3: central: is missing", Message(invoked.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_answers_a_failed_function_with_404_and_no_foreign_details()
    {
        await using var function = await RunningFunction.StartAsync(
            (_, _) => throw new FormatException("payload with PlantedSecret")
        );

        var (status, fcStatus, body) = await function.InvokeAsync("{}");
        var lines = await function.StopAsync();

        Assert.Equal((404, "404"), (status, fcStatus));
        Assert.DoesNotContain("PlantedSecret", body, StringComparison.Ordinal);
        Assert.Contains("FormatException", body, StringComparison.Ordinal);
        Assert.Contains("\"requestId\":\"r-1\"", body, StringComparison.Ordinal);
        Assert.Equal("FC Invoke End RequestId: r-1, Error: Unhandled function error", lines[^1]);
        using var logged = JsonDocument.Parse(lines[1]);
        Assert.Equal(7000, logged.RootElement.GetProperty("event").GetInt32());
        Assert.Equal("r-1", logged.RootElement.GetProperty("requestId").GetString());
    }

    [Fact]
    public async Task RunAsync_reads_the_invocation_from_the_headers()
    {
        Invocation? seen = null;
        await using var function = await RunningFunction.StartAsync(
            (invocation, _) =>
            {
                seen = invocation;
                return Task.FromResult(ReadOnlyMemory<byte>.Empty);
            }
        );

        var before = TimeProvider.System.GetUtcNow();
        await function.InvokeAsync(
            "{}",
            ("x-fc-function-name", "logaudit-sync"),
            ("x-fc-account-id", "1000000000000001"),
            ("x-fc-region", "cn-hangzhou"),
            ("x-fc-function-memory", "512"),
            ("x-fc-function-timeout", "300"),
            ("x-fc-retry-count", "not a number")
        );

        Assert.Equal("r-1", seen!.RequestId);
        Assert.Equal("logaudit-sync", seen.Function);
        Assert.Equal("1000000000000001", seen.Account?.Value);
        Assert.Equal("cn-hangzhou", seen.Region?.Value);
        Assert.Equal(512, seen.MemoryMb);
        Assert.Equal(0, seen.RetryCount);
        Assert.InRange(seen.Deadline.At, before + TimeSpan.FromSeconds(300), before + TimeSpan.FromSeconds(330));
        Assert.Equal(TimeSpan.FromSeconds(45), seen.Deadline.Reserve);
    }

    [Fact]
    public async Task RunAsync_keeps_the_credentials_of_concurrent_requests_apart()
    {
        var both = new Barrier(2);
        await using var function = await RunningFunction.StartAsync(setup =>
            async (_, cancel) =>
            {
                await Task.Run(() => both.SignalAndWait(TimeSpan.FromSeconds(30)), cancel);
                var key = await setup.Credentials.GetAsync(cancel);
                return Encoding.UTF8.GetBytes($"{key.AccessKeyId} {setup.Invocation.Value.RequestId}");
            }
        );

        var answers = await Task.WhenAll(
            new[] { "a", "b" }.Select(id =>
                function.SendAsync(
                    "POST",
                    "/invoke",
                    [],
                    ("x-fc-request-id", $"r-{id}"),
                    ("x-fc-access-key-id", $"STS.{id}"),
                    ("x-fc-access-key-secret", "s"),
                    ("x-fc-security-token", "t")
                )
            )
        );

        Assert.Equal(["STS.a r-a", "STS.b r-b"], answers.Select(answer => answer.Body));
    }

    [Fact]
    public async Task RunAsync_takes_credentials_of_the_environment_when_the_request_has_none()
    {
        await using var function = await RunningFunction.StartAsync(
            setup =>
                async (_, cancel) => Encoding.UTF8.GetBytes((await setup.Credentials.GetAsync(cancel)).AccessKeyId),
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", "own"),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret")
        );

        Assert.Equal("own", (await function.InvokeAsync("{}")).Body);
    }

    [Fact]
    public async Task RunAsync_ends_the_work_before_the_deadline()
    {
        await using var function = await RunningFunction.StartAsync(
            async (_, cancel) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
                return ReadOnlyMemory<byte>.Empty;
            }
        );

        var (status, _, body) = await function.InvokeAsync("{}", ("x-fc-function-timeout", "1"));

        Assert.Equal(404, status);
        Assert.Contains("deadline", Message(body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_takes_an_event_of_32_MB_and_refuses_a_larger_one()
    {
        await using var function = await RunningFunction.StartAsync(
            (invocation, _) =>
                Task.FromResult<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes($"{invocation.Body.Length}"))
        );

        var fits = await function.SendAsync("POST", "/invoke", new byte[32 * 1024 * 1024]);
        var larger = await function.SendAsync("POST", "/invoke", new byte[32 * 1024 * 1024 + 1]);
        var after = await function.InvokeAsync("still here");

        Assert.Equal((200, "33554432"), (fits.Status, fits.Body));
        Assert.Equal((404, "404"), (larger.Status, larger.FcStatus));
        Assert.Contains("larger than 33554432 bytes", Message(larger.Body), StringComparison.Ordinal);
        Assert.Equal(200, after.Status);
    }

    [Fact]
    public async Task PreStop_waits_for_running_work_and_takes_no_more()
    {
        var begun = new TaskCompletionSource();
        var finish = new TaskCompletionSource();
        await using var function = await RunningFunction.StartAsync(
            async (_, cancel) =>
            {
                begun.TrySetResult();
                await finish.Task.WaitAsync(cancel);
                return "flushed"u8.ToArray();
            }
        );

        var work = function.InvokeAsync("{}");
        await begun.Task;
        var stopping = function.SendAsync("GET", "/pre-stop", null);
        var refused = await RefusedAsync(function);
        finish.SetResult();

        Assert.Contains("is stopping", Message(refused), StringComparison.Ordinal);
        Assert.Equal("flushed", (await work).Body);
        Assert.Equal(200, (await stopping).Status);
    }

    [Fact]
    public async Task Logs_are_one_json_line_an_event_with_the_request_id()
    {
        await using var function = await RunningFunction.StartAsync(setup =>
            (_, _) =>
            {
                var logger = setup.Logs.CreateLogger("LogAudit.Test");
                logger.LogWarning(new EventId(7999), "Two\nlines, {Count} {Name}", 3, "x");
                logger.LogDebug("not shown");
                return Task.FromResult(ReadOnlyMemory<byte>.Empty);
            }
        );

        await function.InvokeAsync("{}");
        var lines = await function.StopAsync();

        Assert.Equal(3, lines.Length);
        using var line = JsonDocument.Parse(lines[1]);
        var root = line.RootElement;
        Assert.Equal("Warning", root.GetProperty("level").GetString());
        Assert.Equal(7999, root.GetProperty("event").GetInt32());
        Assert.Equal("r-1", root.GetProperty("requestId").GetString());
        Assert.Equal("Two\nlines, 3 x", root.GetProperty("message").GetString());
        Assert.Equal(3, root.GetProperty("fields").GetProperty("Count").GetInt32());
        Assert.Equal(DateTimeKind.Utc, root.GetProperty("time").GetDateTime().Kind);
    }

    private static (string, string)[] Control(string control) =>
        control.Length == 0 ? [] : [("x-fc-control-path", control)];

    private static string Message(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("errorMessage").GetString()!;
    }

    // Draining begins when the request for it has arrived: the first refusal shows it.
    private static async Task<string> RefusedAsync(RunningFunction function)
    {
        while (true)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            var (status, _, body) = await function.SendAsync("POST", "/invoke", [], ("x-fc-function-timeout", "1"));
            if (status == 404 && body.Contains("is stopping", StringComparison.Ordinal))
            {
                return body;
            }
        }
    }
}
