using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Tests.Products;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Fc;

/// <summary>Functions as processes, their limits, failures and triggers.</summary>
public sealed class FunctionTests
{
    [Fact]
    public async Task Invoke_starts_a_process_initialises_it_and_hands_it_the_credentials_of_its_role()
    {
        await using var cloud = await EchoCloud.StartAsync();
        await cloud.DeployAsync("echo");

        var (status, body, error) = await cloud.InvokeAsync("echo", "ping");

        Assert.Equal(200, status);
        Assert.Null(error);
        Assert.StartsWith("ping|", body, StringComparison.Ordinal);
        Assert.Contains("|init True|key STS.", body, StringComparison.Ordinal);
        Assert.EndsWith("|hello", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unpacked_packages_go_when_the_cloud_stops()
    {
        string folder;
        await using (var cloud = await EchoCloud.StartAsync())
        {
            await cloud.DeployAsync("echo");
            await cloud.InvokeAsync("echo", "ping");
            folder = cloud.Functions.Directory;
            Assert.NotEmpty(Directory.GetFileSystemEntries(folder));
        }

        Assert.False(Directory.Exists(folder));
    }

    [Theory]
    [InlineData("fail")]
    [InlineData("fail softly")]
    [InlineData("crash")]
    public async Task Invoke_answers_200_and_names_the_error_in_a_header_when_the_function_fails(string how)
    {
        await using var cloud = await EchoCloud.StartAsync();
        await cloud.DeployAsync("echo");

        var (status, _, error) = await cloud.InvokeAsync("echo", how);

        Assert.Equal(200, status);
        Assert.Equal("UnhandledInvocationError", error);
    }

    [Fact]
    public async Task Invoke_kills_an_instance_that_exceeds_the_time_limit_and_starts_another()
    {
        await using var cloud = await EchoCloud.StartAsync();
        await cloud.DeployAsync("echo", timeout: 2);

        var hung = await cloud.InvokeAsync("echo", "hang");
        var next = await cloud.InvokeAsync("echo", "ping");

        Assert.Contains("timed out", hung.Body, StringComparison.Ordinal);
        Assert.StartsWith("ping|", next.Body, StringComparison.Ordinal);
        Assert.Equal(2, cloud.Functions.All[0].Pool.Started);
    }

    [Fact]
    public async Task One_instance_with_high_concurrency_serves_requests_side_by_side()
    {
        await using var cloud = await EchoCloud.StartAsync();
        await cloud.DeployAsync("echo", concurrency: 10);
        using var limit = await cloud.SendAsync(
            "PutConcurrencyConfig",
            HttpMethod.Put,
            "/functions/echo/concurrency",
            new JObject { ["reservedConcurrency"] = 1 }
        );

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => cloud.InvokeAsync("echo", $"n{i}")));

        Assert.Single(answers.Select(answer => answer.Body.Split('|')[1]).Distinct());
    }

    [Fact]
    public async Task A_full_function_throttles()
    {
        await using var cloud = await EchoCloud.StartAsync();
        await cloud.DeployAsync("echo", concurrency: 1, timeout: 5);
        using var limit = await cloud.SendAsync(
            "PutConcurrencyConfig",
            HttpMethod.Put,
            "/functions/echo/concurrency",
            new JObject { ["reservedConcurrency"] = 1 }
        );

        var hanging = cloud.InvokeAsync("echo", "hang");
        await EchoCloud.UntilAsync(
            () => cloud.Functions.All[0].Pool.Instances.Any(instance => instance.Busy > 0),
            "the first request runs"
        );
        var second = await cloud.InvokeAsync("echo", "ping");
        await hanging;

        Assert.Equal(429, second.Status);
    }

    [Fact]
    public async Task A_role_that_does_not_trust_function_compute_stops_the_function()
    {
        await using var cloud = await EchoCloud.StartAsync();
        await cloud.DeployAsync("echo", role: "other");

        var (_, body, error) = await cloud.InvokeAsync("echo", "ping");

        Assert.Equal("UnhandledInvocationError", error);
        Assert.Contains("does not trust fc.aliyuncs.com", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_asynchronous_event_is_retried_and_then_handed_to_the_failure_destination()
    {
        await using var cloud = await EchoCloud.StartAsync();
        await cloud.DeployAsync("echo");
        await cloud.DeployAsync("afterwards");
        var destination = new JObject
        {
            ["onFailure"] = new JObject
            {
                ["destination"] = $"acs:fc:cn-hangzhou:{ProductCloud.Uid}:functions/afterwards",
            },
        };
        using var config = await cloud.SendAsync(
            "PutAsyncInvokeConfig",
            HttpMethod.Put,
            "/functions/echo/async-invoke-config",
            new JObject
            {
                ["maxAsyncRetryAttempts"] = 2,
                ["maxAsyncEventAgeInSeconds"] = 60,
                ["destinationConfig"] = destination,
            }
        );

        var accepted = await cloud.InvokeAsync("echo", "fail", ("x-fc-invocation-type", "Async"));
        await EchoCloud.UntilAsync(
            () => cloud.Functions.Notes.Any(note => note.Function == "afterwards"),
            "the destination is told"
        );

        Assert.Equal(202, accepted.Status);
        Assert.Equal(3, cloud.Functions.Notes.Count(note => note.Function == "echo"));
        Assert.Contains("\"requestPayload\":\"fail\"", cloud.Functions.Notes.Last().Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timer_fires_with_its_payload_as_text()
    {
        await using var cloud = await EchoCloud.StartAsync(delayScale: 600);
        await cloud.DeployAsync("echo", concurrency: 200);

        var status = await cloud.AddTriggerAsync(
            "echo",
            "tick",
            "timer",
            new JObject
            {
                ["cronExpression"] = "@every 1m",
                ["enable"] = true,
                ["payload"] = "{\"job\":1}",
            }
        );
        await EchoCloud.UntilAsync(() => cloud.Functions.Notes.Count >= 2, "two ticks");

        Assert.Equal(200, status);
        Assert.Contains(
            "\"payload\":\"{\\\"job\\\":1}\"",
            cloud.Functions.Notes.First().Answer,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_log_trigger_tells_the_cursor_range_of_new_data_in_each_shard()
    {
        await using var cloud = await EchoCloud.StartAsync();
        await cloud.DeployAsync("echo");
        cloud.Products.MakeLogstore("central", "slb_log");
        var status = await AddLogTriggerAsync(cloud, "slb_log", 3);

        cloud.Products.Storage.Append("central", "slb_log", "t", "s", [], [new LogItem(1, [new("k", "v")])]);
        await EchoCloud.UntilAsync(() => !cloud.Functions.Notes.IsEmpty, "the doorbell rings");

        Assert.Equal(200, status);
        var told = JObject.Parse(cloud.Functions.Notes.First().Answer.Split('|')[0]);
        Assert.Equal("slb_log", (string?)told.SelectToken("source.logstoreName"));
        Assert.NotEqual((string?)told.SelectToken("source.beginCursor"), (string?)told.SelectToken("source.endCursor"));
    }

    [Theory]
    [InlineData("slb_log", 2)]
    [InlineData("slb_log", 601)]
    [InlineData("missing", 3)]
    public async Task A_log_trigger_is_refused_without_its_Logstore_and_outside_its_interval(
        string logstore,
        int interval
    )
    {
        await using var cloud = await EchoCloud.StartAsync();
        await cloud.DeployAsync("echo");
        cloud.Products.MakeLogstore("central", "slb_log");

        Assert.Equal(400, await AddLogTriggerAsync(cloud, logstore, interval));
    }

    private static Task<int> AddLogTriggerAsync(EchoCloud cloud, string logstore, int interval) =>
        cloud.AddTriggerAsync(
            "echo",
            "bell",
            "log",
            new JObject
            {
                ["sourceConfig"] = new JObject { ["logstore"] = logstore },
                ["jobConfig"] = new JObject { ["maxRetryTime"] = 1, ["triggerInterval"] = interval },
                ["functionParameter"] = new JObject(),
                ["enable"] = true,
            },
            $"acs:log:cn-hangzhou:{ProductCloud.Uid}:project/central",
            $"acs:ram::{ProductCloud.Uid}:role/ring"
        );
}
