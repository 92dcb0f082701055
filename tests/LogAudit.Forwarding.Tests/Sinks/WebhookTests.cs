using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Sinks;

public sealed class WebhookTests : SinkContract
{
    protected override IFormat Format { get; } = new Json();

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Retry_After_is_passed_on(int status)
    {
        await using var soc = new HttpSoc(_ => new SocAnswer(status, "Retry-After: 7"));
        using var sink = Sink(soc);
        using var batch = SinkBatches.Of(Format, 3);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(
            Outcomes(report),
            outcome => Assert.Equal(TimeSpan.FromSeconds(7), Assert.IsType<RecordOutcome.Retry>(outcome).After)
        );
    }

    [Theory]
    [InlineData(301)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(408)]
    [InlineData(410)]
    [InlineData(415)]
    [InlineData(500)]
    [InlineData(502)]
    public async Task Status_that_is_not_about_the_record_is_tried_again(int status)
    {
        await using var soc = new HttpSoc(_ => new SocAnswer(status, "Location: http://127.0.0.1:1/"));
        using var sink = Sink(soc);
        using var batch = SinkBatches.Of(Format, 3);

        AssertRetry(await sink.SendAsync(batch, CancellationToken.None));
        Assert.Single(soc.Requests);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task One_bad_record_is_found_and_rejected_and_the_others_are_accepted(int status)
    {
        var bad = SinkBatches.Marker(37);
        await using var soc = new HttpSoc(request => new SocAnswer(
            request.Text.Contains(bad, StringComparison.Ordinal) ? status : 202
        ));
        using var sink = Sink(soc);
        using var batch = SinkBatches.Of(Format, 100);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.Equal([37], Enumerable.Range(0, 100).Where(index => report[index] is RecordOutcome.Reject));
        Assert.Equal(99, Outcomes(report).Count(outcome => outcome is RecordOutcome.Accepted));
        Assert.Equal(99, Markers(soc.Taken.Select(request => request.Text)).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Requests_keep_to_the_limits_and_stop_at_the_first_failure()
    {
        var seen = 0;
        await using var soc = new HttpSoc(_ => new SocAnswer(Interlocked.Increment(ref seen) == 3 ? 500 : 200));
        using var sink = new Webhook(Options(new HttpTarget(soc.Address) { MaxRecords = 10 }), TimeProvider.System);
        using var batch = SinkBatches.Of(Format, 100);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.Equal(3, soc.Requests.Count);
        Assert.Equal(20, Outcomes(report).Count(outcome => outcome is RecordOutcome.Accepted));
        Assert.All(soc.Requests, request => Assert.Equal(10, JsonNode.Parse(request.Text)!.AsArray().Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_is_signed_after_standard_webhooks_over_the_plain_body_and_keeps_its_id(bool gzip)
    {
        await using var soc = new HttpSoc(_ => new SocAnswer(500));
        using var sink = new Webhook(Options(new HttpTarget(soc.Address) { Gzip = gzip }), TimeProvider.System);
        using var batch = SinkBatches.Of(Format, 3);

        await sink.SendAsync(batch, CancellationToken.None);
        await sink.SendAsync(batch, CancellationToken.None);

        var requests = soc.Requests.ToArray();
        Assert.Equal(requests[0].Headers["webhook-id"], requests[1].Headers["webhook-id"]);
        foreach (var request in requests)
        {
            Assert.Equal(gzip, request.Headers.ContainsKey("Content-Encoding"));
            Assert.Equal(gzip, request.Body.Length < request.Content.Length);
            var signed = Encoding.UTF8.GetBytes(
                $"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}.{request.Text}"
            );
            var expected = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Planted), signed));
            Assert.Equal($"v1,{expected}", request.Headers["webhook-signature"]);
        }
    }

    [Fact]
    public async Task Lines_hold_one_record_each()
    {
        await using var soc = new HttpSoc(_ => new SocAnswer(204));
        using var sink = new Webhook(Options(new HttpTarget(soc.Address)) with { Lines = true }, TimeProvider.System);
        using var batch = SinkBatches.Of(Format, 5);

        await sink.SendAsync(batch, CancellationToken.None);

        var request = Assert.Single(soc.Requests);
        Assert.Equal("application/x-ndjson", request.Headers["Content-Type"]);
        Assert.Equal(
            5,
            request.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)).Count()
        );
    }

    protected override Task<SinkUnderTest> StartAsync(SocMood mood, TimeSpan timeout)
    {
        var first = new FirstTry(mood);
        var soc = new HttpSoc(_ => first.Answer() ?? new SocAnswer(200));
        return Task.FromResult(
            new SinkUnderTest(
                new Webhook(Options(new HttpTarget(soc.Address) { Timeout = timeout }), TimeProvider.System),
                () => soc.Taken.Select(request => request.Text),
                soc
            )
        );
    }

    private static Webhook Sink(HttpSoc soc) => new(Options(new HttpTarget(soc.Address)), TimeProvider.System);

    private static WebhookOptions Options(HttpTarget target) =>
        new()
        {
            Target = target,
            SigningSecret = new Secret(Planted),
            Authorization = new Secret($"Bearer {Planted}"),
        };
}
