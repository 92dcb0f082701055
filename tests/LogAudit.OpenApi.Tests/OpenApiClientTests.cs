using Newtonsoft.Json.Linq;

namespace LogAudit.OpenApi.Tests;

public sealed class OpenApiClientTests
{
    private readonly World world = new();

    [Fact]
    public async Task CallAsync_gives_the_answer_of_the_service()
    {
        world.Service.Answers(200, """{"RequestId":"r-1","CreateTime":"2026-01-15T08:30:45Z"}""");

        var answer = await world.Client().CallAsync(World.Describe(), default);

        Assert.Equal("2026-01-15T08:30:45Z", answer.Value<string>("CreateTime"));
        var asked = Assert.Single(world.Service.Requests);
        Assert.Equal("slb.aliyuncs.com", asked.Host);
        Assert.Equal("DescribeLoadBalancers", asked.Headers["x-acs-action"]);
        Assert.StartsWith(
            "ACS3-HMAC-SHA256 Credential=LTAI5tEXAMPLE",
            asked.Headers["Authorization"],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task CallAsync_sends_form_parameters_in_the_body()
    {
        world.Service.Answers(200, "{}");
        var call = World.Describe() with { Form = ApiParameters.Of(("InstanceId", "rm-1"), ("Filter", "a b")) };

        await world.Client().CallAsync(call, default);

        var asked = Assert.Single(world.Service.Requests);
        Assert.Equal("Filter=a%20b&InstanceId=rm-1", asked.Body);
        Assert.Equal("application/x-www-form-urlencoded", asked.Headers["content-type"]);
    }

    [Fact]
    public async Task CallAsync_sends_a_roa_body_as_json_to_its_path()
    {
        world.Service.Answers(200, "{}");
        var call = new ApiCall
        {
            Product = ApiProducts.Fc,
            Action = "UpdateFunction",
            Account = World.Central,
            Region = World.Hangzhou,
            Method = "PUT",
            Path = "/2023-03-30/functions/a b",
            Body = new JObject { ["timeout"] = 600 },
            Writes = true,
        };

        await world.Client().CallAsync(call, default);

        var asked = Assert.Single(world.Service.Requests);
        Assert.Equal("/2023-03-30/functions/a%20b", asked.Uri.AbsolutePath);
        Assert.Equal("""{"timeout":600}""", asked.Body);
    }

    [Theory]
    [InlineData(400, """{"Code":"Throttling.User","Message":"m","RequestId":"r-9"}""", "Throttling.User", "r-9")]
    [InlineData(403, """{"code":"NoPermission","message":"m","requestId":"r-9"}""", "NoPermission", "r-9")]
    [InlineData(200, """{"Code":"500","Message":"m","Success":"false","RequestId":"r-9"}""", "500", "r-9")]
    [InlineData(200, """{"Code":"-1001","Message":"m","RequestId":"r-9"}""", "-1001", "r-9")]
    [InlineData(
        404,
        "<?xml version='1.0'?><Error><RequestId>r-9</RequestId><Code>InvalidAction</Code><Message>m</Message></Error>",
        "InvalidAction",
        "r-9"
    )]
    [InlineData(200, "<html>proxy</html>", ClientErrorCodes.UnreadableAnswer, "")]
    [InlineData(200, "[1]", ClientErrorCodes.UnreadableAnswer, "")]
    [InlineData(200, "{} trailing", ClientErrorCodes.UnreadableAnswer, "")]
    [InlineData(403, "<html>proxy</html>", ClientErrorCodes.UnreadableAnswer, "")]
    public async Task CallAsync_reports_the_code_of_the_service(int status, string body, string code, string requestId)
    {
        world.Service.AnswersAlways(_ => (status, body));

        var failure = await Assert.ThrowsAsync<OpenApiException>(() =>
            world.Client().CallAsync(World.Describe(), default)
        );

        Assert.Equal(code, failure.Code);
        Assert.Equal(requestId, failure.RequestId);
        Assert.Equal(status, failure.HttpStatus);
        Assert.Contains("Slb:DescribeLoadBalancers", failure.Message, StringComparison.Ordinal);
        Assert.Contains(World.Member.Value, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"Code":"200","Success":"true","Message":"Successful","Data":{}}""")]
    [InlineData("""{"Code":200,"Success":true}""")]
    [InlineData("""{"Code":"Success"}""")]
    [InlineData("""{"Success":"true"}""")]
    public async Task CallAsync_takes_a_successful_envelope_as_success(string body)
    {
        world.Service.Answers(200, body);

        Assert.NotNull(await world.Client().CallAsync(World.Describe(), default));
    }

    [Fact]
    public async Task CallAsync_tries_a_throttled_call_again()
    {
        world
            .Service.Answers(400, """{"Code":"Throttling.User"}""")
            .Answers(503, """{"Code":"ServiceUnavailable"}""")
            .Answers(200, "{}");

        await world.Client().CallAsync(World.Describe(writes: true), default);

        Assert.Equal(3, world.Service.Requests.Count);
        Assert.Equal(
            3,
            world.Service.Requests.Select(asked => asked.Headers["x-acs-signature-nonce"]).Distinct().Count()
        );
    }

    [Fact]
    public async Task CallAsync_does_not_send_a_write_again_after_a_lost_answer()
    {
        world.Service.Breaks(new HttpRequestException(HttpRequestError.ResponseEnded));

        var failure = await Assert.ThrowsAsync<OpenApiException>(() =>
            world.Client().CallAsync(World.Describe(writes: true), default)
        );

        Assert.True(failure.AnswerUnknown);
        Assert.Single(world.Service.Requests);
        Assert.Contains("read the state back", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallAsync_sends_a_write_again_when_no_connection_was_made()
    {
        world.Service.Breaks(new HttpRequestException(HttpRequestError.ConnectionError)).Answers(200, "{}");

        await world.Client().CallAsync(World.Describe(writes: true), default);

        Assert.Equal(2, world.Service.Requests.Count);
    }

    [Fact]
    public async Task CallAsync_reads_again_after_a_lost_answer_five_times_at_most()
    {
        for (var i = 0; i < 5; i++)
        {
            world.Service.Breaks(new HttpRequestException(HttpRequestError.ResponseEnded));
        }

        var failure = await Assert.ThrowsAsync<OpenApiException>(() =>
            world.Client().CallAsync(World.Describe(), default)
        );

        Assert.Equal(5, world.Service.Requests.Count);
        Assert.Equal(ClientErrorCodes.Network, failure.Code);
        Assert.True(failure.Retryable);
        Assert.False(failure.AnswerUnknown);
    }

    [Fact]
    public async Task CallAsync_starts_nothing_when_the_deadline_is_near()
    {
        var deadline = Deadline.After(world.Time.GetUtcNow() - TimeSpan.FromSeconds(55), TimeSpan.FromSeconds(60));
        using var invocation = world.Invocation.Begin(new InvocationContext("r", deadline, Credentials: null));

        var failure = await Assert.ThrowsAsync<OpenApiException>(() =>
            world.Client().CallAsync(World.Describe(), default)
        );

        Assert.Equal(ClientErrorCodes.Deadline, failure.Code);
        Assert.Empty(world.Service.Requests);
    }

    [Fact]
    public async Task CallAsync_refuses_an_answer_over_the_limit()
    {
        world.Options = world.Options with { MaxAnswerBytes = 1000 };
        world.Service.AnswersAlways(_ => (200, $$"""{"a":"{{new string('x', 2000)}}"}"""));

        var failure = await Assert.ThrowsAsync<OpenApiException>(() =>
            world.Client().CallAsync(World.Describe(), default)
        );

        Assert.Equal(ClientErrorCodes.UnreadableAnswer, failure.Code);
        Assert.Contains("larger than 1000 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallAsync_passes_cancellation_through()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            world.Client().CallAsync(World.Describe(), stop.Token)
        );
    }

    [Fact]
    public async Task CallAsync_shows_no_secret_in_errors_or_logs()
    {
        var echo =
            $"server string to sign is:POST&SecurityToken={Uri.EscapeDataString(World.PlantedToken)} {World.PlantedSecret}";
        world
            .Service.Answers(400, new JObject { ["Code"] = "Throttling", ["Message"] = World.PlantedToken }.ToString())
            .Answers(400, new JObject { ["Code"] = "SignatureDoesNotMatch", ["Message"] = echo }.ToString())
            .Answers(
                403,
                new JObject { ["Code"] = "NoPermission", ["Message"] = $"key {World.PlantedSecret}" }.ToString()
            );
        var client = world.Client();

        var texts = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var failure = await Assert.ThrowsAsync<OpenApiException>(() => client.CallAsync(World.Describe(), default));
            texts.Add(failure.ToString());
            texts.Add(failure.ServiceMessage);
        }

        texts.AddRange(world.Logs.GetSnapshot().Select(line => line.Message));
        Assert.NotEmpty(world.Logs.GetSnapshot());
        Assert.All(texts, text => Assert.DoesNotContain("Planted", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Forbidden.RAM", true, false)]
    [InlineData("NoPermission", true, false)]
    [InlineData("InvalidAccessKeyId.NotFound", true, false)]
    [InlineData("InvalidSecurityToken.Expired", true, false)]
    [InlineData("InvalidRegionId.NotFound", false, false)]
    [InlineData("EntityNotExist.Role", false, true)]
    [InlineData("InvalidDBInstanceId.NotFound", false, true)]
    [InlineData("TrailNotFoundException", false, true)]
    [InlineData("NoSuchBucket", false, true)]
    [InlineData("OperationDenied.DBInstanceStatus", false, false)]
    public void IsDenied_and_IsNotFound_read_the_code(string code, bool denied, bool notFound)
    {
        var failure = OpenApiException.Create("Slb", "X", code, 400);

        Assert.Equal(denied, failure.IsDenied);
        Assert.Equal(notFound, failure.IsNotFound);
    }
}
