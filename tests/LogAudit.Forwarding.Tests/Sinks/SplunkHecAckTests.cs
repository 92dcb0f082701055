using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Sinks;

/// <summary>The collector with indexer acknowledgement.</summary>
public sealed class SplunkHecAckTests : SinkContract
{
    protected override IFormat Format { get; } = new Json();

    [Fact]
    public async Task Records_are_accepted_once_an_indexer_has_them()
    {
        await using var soc = Soc();
        using var sink = Sink(soc, maxRecords: 10);
        using var batch = SinkBatches.Of(Format, 30);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.True(sink.Acknowledges);
        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        var asks = soc.Requests.Where(request => request.Path.Contains("/ack?", StringComparison.Ordinal)).ToArray();
        // The first asks whether the token gives acknowledgements at all; then twice for all three requests together.
        Assert.Equal(
            ["""{"acks":[0]}""", """{"acks":[0,1,2]}""", """{"acks":[0,1,2]}"""],
            asks.Select(request => request.Text)
        );
        var channel = Assert.Single(soc.Requests.Select(one => one.Headers["X-Splunk-Request-Channel"]).Distinct());
        Assert.All(asks, ask => Assert.EndsWith($"channel={channel}", ask.Path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Records_of_a_request_that_is_not_acknowledged_in_time_go_again()
    {
        await using var soc = Soc(asksUntilIndexed: number => number == 1 ? -1 : 1);
        using var sink = Sink(soc, maxRecords: 10, TimeSpan.FromSeconds(1));
        using var batch = SinkBatches.Of(Format, 30);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.Equal(
            Enumerable.Range(10, 10),
            Enumerable.Range(0, 30).Where(index => report[index] is RecordOutcome.Retry)
        );
        Assert.Contains("did not acknowledge", ((RecordOutcome.Retry)report[10]).Why, StringComparison.Ordinal);
        Assert.Equal(20, Outcomes(report).Count(outcome => outcome is RecordOutcome.Accepted));
    }

    [Fact]
    public async Task Nothing_is_sent_with_a_token_that_gives_no_acknowledgements()
    {
        await using var soc = new HecSoc { Token = Planted };
        using var sink = Sink(soc, maxRecords: 10);
        using var batch = SinkBatches.Of(Format, 30);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        AssertRetry(report);
        Assert.Contains("ack: false", ((RecordOutcome.Retry)report[0]).Why, StringComparison.Ordinal);
        Assert.Empty(soc.Events);
    }

    [Fact]
    public async Task Success_without_a_number_to_ask_with_accepts_nothing()
    {
        await using var soc = Soc(request =>
            request.Path.Contains("/ack?", StringComparison.Ordinal) ? null : HecSoc.Says(200, 0)
        );
        using var sink = Sink(soc, maxRecords: 10);
        using var batch = SinkBatches.Of(Format, 3);

        AssertRetry(await sink.SendAsync(batch, CancellationToken.None));
    }

    [Fact]
    public async Task Number_that_comes_twice_proves_one_request_only()
    {
        await using var soc = Soc(request =>
            request.Path.Contains("/ack?", StringComparison.Ordinal)
                ? new SocAnswer(200) { Body = """{"acks":{"5":true}}""" }
                : HecSoc.Says(200, 0, ("ackId", 5))
        );
        using var sink = Sink(soc, maxRecords: 10);
        using var batch = SinkBatches.Of(Format, 20);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.Equal(
            Enumerable.Range(0, 10),
            Enumerable.Range(0, 20).Where(index => report[index] is RecordOutcome.Accepted)
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"acks":[true]}""")]
    [InlineData("""{"acks":{"x":true}}""")]
    [InlineData("""{"acks":{"0":"true"}}""")]
    [InlineData("""{"text":"Server is busy","code":9}""")]
    public async Task Answer_that_acknowledges_nothing_accepts_nothing(string answer)
    {
        await using var soc = Soc(request =>
            request.Path.Contains("/ack?", StringComparison.Ordinal) ? new SocAnswer(200) { Body = answer } : null
        );
        using var sink = Sink(soc, maxRecords: 10, TimeSpan.FromMilliseconds(100));
        using var batch = SinkBatches.Of(Format, 3);

        AssertRetry(await sink.SendAsync(batch, CancellationToken.None));
        Assert.Equal(3, soc.Events.Count);
    }

    [Fact]
    public async Task Records_before_a_refused_one_go_again_because_no_number_stands_for_them()
    {
        await using var soc = new HecSoc
        {
            Token = Planted,
            GivesAcks = true,
            Judge = text => text.Contains(SinkBatches.Marker(3), StringComparison.Ordinal) ? 6 : 0,
        };
        using var sink = Sink(soc, maxRecords: 10);
        using var batch = SinkBatches.Of(Format, 10);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        var all = Enumerable.Range(0, 10).Select(SinkBatches.Marker).ToArray();
        Assert.Equal([3], Enumerable.Range(0, 10).Where(index => report[index] is RecordOutcome.Reject));
        Assert.Equal(9, Outcomes(report).Count(outcome => outcome is RecordOutcome.Accepted));
        Assert.Equal(
            [0, 1, 2, 0, 1, 2, 4, 5, 6, 7, 8, 9],
            Markers(soc.Events.Select(one => one.Event)).Select(marker => Array.IndexOf(all, marker))
        );
    }

    protected override Task<SinkUnderTest> StartAsync(SocMood mood, TimeSpan timeout)
    {
        var first = new FirstTry(mood);
        var soc = Soc(request => request.Path.Contains("/ack?", StringComparison.Ordinal) ? null : first.Answer());
        return Task.FromResult(
            new SinkUnderTest(
                new SplunkHec(
                    Options(soc) with
                    {
                        Target = new HttpTarget(soc.Address) { Timeout = timeout },
                    },
                    TimeProvider.System
                ),
                () => soc.Events.Select(one => one.Event),
                soc
            )
        );
    }

    private static HecSoc Soc(Func<SocRequest, SocAnswer?>? mood = null, Func<long, int>? asksUntilIndexed = null) =>
        new(mood)
        {
            Token = Planted,
            GivesAcks = true,
            AsksUntilIndexed = asksUntilIndexed ?? (_ => 2),
        };

    private static SplunkHec Sink(HecSoc soc, int maxRecords, TimeSpan? ackTimeout = null) =>
        new(
            Options(soc) with
            {
                Target = new HttpTarget(soc.Address) { MaxRecords = maxRecords },
                AckTimeout = ackTimeout ?? TimeSpan.FromSeconds(30),
            },
            TimeProvider.System
        );

    private static SplunkHecOptions Options(HecSoc soc) =>
        new()
        {
            Target = new HttpTarget(soc.Address),
            Token = new Secret(Planted),
            Acknowledges = true,
        };
}
