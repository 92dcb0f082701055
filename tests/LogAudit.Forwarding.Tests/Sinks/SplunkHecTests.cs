using System.Text;
using System.Text.Json.Nodes;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Sinks;

public sealed class SplunkHecTests : SinkContract
{
    protected override IFormat Format { get; } = new Json();

    [Fact]
    public async Task Event_carries_the_time_and_place_of_its_record_and_its_id_as_an_indexed_field()
    {
        await using var soc = new HecSoc { Token = Planted };
        using var sink = Sink(
            Options(soc) with
            {
                Index = new RecordTemplate("audit_{product}"),
                Host = new RecordTemplate("aliyun"),
            }
        );
        using var batch = SinkBatches.Of(Format, 2);

        await sink.SendAsync(batch, CancellationToken.None);

        var (one, facts) = (soc.Events.First(), soc.Events.First().Facts);
        var mapping = batch.Facts(0).Mapping;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(batch.Body(0).Span), facts["event"]));
        Assert.Equal("1772439330.000", facts["time"]!.ToJsonString());
        Assert.Equal($"aliyun:{mapping.Product}", (string?)facts["sourcetype"]);
        Assert.Equal($"logaudit:{mapping.LogKind}", (string?)facts["source"]);
        Assert.Equal($"audit_{mapping.Product}", (string?)facts["index"]);
        Assert.Equal("aliyun", (string?)facts["host"]);
        Assert.Equal(Encoding.ASCII.GetString(batch.Id(0)), (string?)facts["fields"]!["event_id"]);
        Assert.Equal("gzip", soc.Requests.First().Headers["Content-Encoding"]);
        Assert.Contains(SinkBatches.Marker(0), one.Event, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_without_an_account_has_no_host_and_a_record_that_is_no_object_is_a_string()
    {
        await using var soc = new HecSoc { Token = Planted };
        using var sink = Sink(Options(soc));
        using var batch = SinkBatches.Of(new Cef(Envelope.None), 1);

        await sink.SendAsync(batch, CancellationToken.None);

        var sent = Assert.Single(soc.Events);
        Assert.Equal(Encoding.UTF8.GetString(batch.Body(0).Span), sent.Event);
        Assert.False(sent.Facts.ContainsKey("host"));
        Assert.False(sent.Facts["fields"]!.AsObject().ContainsKey("account"));
    }

    [Fact]
    public async Task Raw_sends_lines_with_one_set_of_facts_for_the_request()
    {
        await using var soc = new HecSoc { Token = Planted };
        using var sink = Sink(
            Options(soc) with
            {
                Raw = true,
                Index = new RecordTemplate("cloud audit"),
                SourceType = new RecordTemplate("aliyun:audit"),
                Source = new RecordTemplate("logaudit"),
                Host = new RecordTemplate(""),
            }
        );
        using var batch = SinkBatches.Of(Format, 3);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.Equal(
            Enumerable.Range(0, 3).Select(index => Encoding.UTF8.GetString(batch.Body(index).Span)),
            soc.Events.Select(one => one.Event)
        );
        Assert.Equal("cloud audit", (string?)soc.Events.First().Facts["index"]);
        Assert.False(soc.Events.First().Facts.ContainsKey("host"));
    }

    [Theory]
    [InlineData(403, 1, "token is disabled")]
    [InlineData(401, 2, "token is required")]
    [InlineData(401, 3, "not valid")]
    [InlineData(403, 4, "not valid")]
    [InlineData(500, 8, "internal server error")]
    [InlineData(503, 9, "busy")]
    [InlineData(400, 10, "channel is missing")]
    [InlineData(400, 11, "channel is not valid")]
    [InlineData(400, 14, "acknowledgement is off")]
    [InlineData(400, 16, "query")]
    [InlineData(200, 17, "not an answer")]
    [InlineData(503, 18, "queues are full")]
    [InlineData(503, 19, "acknowledgement service")]
    [InlineData(503, 20, "full queues")]
    [InlineData(400, 21, "not valid")]
    [InlineData(400, 22, "disabled")]
    [InlineData(503, 23, "shutting down")]
    [InlineData(429, 26, "queue is full")]
    [InlineData(429, 27, "acknowledgement channel is full")]
    [InlineData(503, 999, "HTTP 503")]
    [InlineData(200, 999, "not an answer")]
    public async Task Code_that_is_about_us_or_the_moment_is_tried_again_and_said(int status, int code, string said)
    {
        await using var soc = new HecSoc(_ => HecSoc.Says(status, code)) { Token = Planted };
        using var sink = Sink(Options(soc));
        using var batch = SinkBatches.Of(Format, 3);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        AssertRetry(report);
        Assert.Single(soc.Requests);
        Assert.Contains(said, ((RecordOutcome.Retry)report[0]).Why, StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, ((RecordOutcome.Retry)report[0]).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, true)]
    [InlineData(6, false)]
    [InlineData(7, true)]
    [InlineData(12, true)]
    [InlineData(12, false)]
    [InlineData(13, true)]
    [InlineData(15, true)]
    [InlineData(15, false)]
    public async Task Code_that_is_about_one_event_rejects_that_event_alone(int code, bool named)
    {
        await using var soc = new HecSoc
        {
            Token = Planted,
            NamesBadEvent = named,
            Judge = text => text.Contains(SinkBatches.Marker(37), StringComparison.Ordinal) ? code : 0,
        };
        using var sink = Sink(Options(soc) with { Index = new RecordTemplate("audit_{product}") });
        using var batch = SinkBatches.Of(Format, 100);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.Equal([37], Enumerable.Range(0, 100).Where(index => report[index] is RecordOutcome.Reject));
        Assert.Equal(99, Outcomes(report).Count(outcome => outcome is RecordOutcome.Accepted));
        var there = Markers(soc.Events.Select(one => one.Event)).ToArray();
        Assert.Equal(99, there.Distinct(StringComparer.Ordinal).Count());
        // What stands before the named event is there already and is not sent twice.
        Assert.Equal(named, there.Length == 99);
        Assert.Equal(named, soc.Requests.Count == 2);
    }

    [Fact]
    public async Task Index_that_depends_on_the_record_rejects_only_the_records_whose_index_is_wrong()
    {
        await using var soc = new HecSoc { Token = Planted, Indexes = ["audit_none"] };
        using var sink = Sink(Options(soc) with { Index = new RecordTemplate("audit_{product}") });
        using var batch = SinkBatches.Of(Format, 5);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Reject>(outcome));
        Assert.Equal([5, 4, 3, 2, 1], soc.Requests.Select(request => Markers([request.Text]).Count()));
        Assert.Empty(soc.Events);
    }

    [Fact]
    public async Task One_index_for_all_that_the_token_may_not_write_stops_and_loses_nothing()
    {
        await using var soc = new HecSoc { Token = Planted, Indexes = ["main"] };
        using var sink = Sink(Options(soc) with { Index = new RecordTemplate("mian") });
        using var batch = SinkBatches.Of(Format, 5);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        AssertRetry(report);
        Assert.Contains("'mian'", ((RecordOutcome.Retry)report[0]).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_that_is_not_the_collectors_is_said_as_such()
    {
        await using var soc = new HecSoc { Token = "another" };
        using var sink = Sink(Options(soc));
        using var batch = SinkBatches.Of(Format, 1);

        AssertRetry(await sink.SendAsync(batch, CancellationToken.None));
        Assert.Empty(soc.Events);
    }

    [Fact]
    public async Task Retry_After_is_passed_on()
    {
        await using var soc = new HecSoc(_ => new SocAnswer(503, "Retry-After: 7") { Body = HecSoc.Says(503, 9).Body })
        {
            Token = Planted,
        };
        using var sink = Sink(Options(soc));
        using var batch = SinkBatches.Of(Format, 1);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.Equal(TimeSpan.FromSeconds(7), Assert.IsType<RecordOutcome.Retry>(report[0]).After);
    }

    [Fact]
    public async Task Answer_of_something_else_accepts_nothing()
    {
        await using var soc = new HecSoc(_ => new SocAnswer(200) { Body = "<html>welcome</html>" }) { Token = Planted };
        using var sink = Sink(Options(soc));
        using var batch = SinkBatches.Of(Format, 1);

        AssertRetry(await sink.SendAsync(batch, CancellationToken.None));
    }

    protected override Task<SinkUnderTest> StartAsync(SocMood mood, TimeSpan timeout)
    {
        var first = new FirstTry(mood);
        var soc = new HecSoc(_ => first.Answer()) { Token = Planted };
        return Task.FromResult(
            new SinkUnderTest(
                Sink(Options(soc) with { Target = new HttpTarget(soc.Address) { Timeout = timeout } }),
                () => soc.Events.Select(one => one.Event),
                soc
            )
        );
    }

    private static SplunkHec Sink(SplunkHecOptions options) => new(options, TimeProvider.System);

    private static SplunkHecOptions Options(HecSoc soc) =>
        new()
        {
            Target = new HttpTarget(soc.Address) { Gzip = true },
            Token = new Secret(Planted),
        };
}
