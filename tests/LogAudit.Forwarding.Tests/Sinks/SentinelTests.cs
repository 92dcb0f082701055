using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Sinks;

public sealed class SentinelTests : SinkContract
{
    protected override IFormat Format { get; } = new Json();

    [Fact]
    public async Task Row_has_the_columns_of_the_stream_and_the_record_whole()
    {
        await using var soc = new SentinelSoc(Planted);
        using var sink = Sink(soc);
        using var batch = SinkBatches.Of(Format, 3);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        var row = soc.Rows.First();
        Assert.Equal("2026-03-02T08:15:30.000Z", (string?)row["TimeGenerated"]);
        Assert.Equal(System.Text.Encoding.ASCII.GetString(batch.Id(0)), (string?)row["EventId"]);
        Assert.Equal(batch.Facts(0).Mapping.Product, (string?)row["Product"]);
        Assert.Equal(batch.Facts(0).Mapping.LogKind, (string?)row["LogKind"]);
        Assert.True(
            System.Text.Json.Nodes.JsonNode.DeepEquals(
                System.Text.Json.Nodes.JsonNode.Parse(batch.Body(0).Span),
                row["Record"]
            )
        );
        Assert.All(soc.Requests, request => Assert.Equal("gzip", request.Headers["Content-Encoding"]));
    }

    [Fact]
    public async Task Calls_stay_within_one_megabyte()
    {
        await using var soc = new SentinelSoc(Planted);
        using var sink = Sink(soc);
        using var batch = SinkBatches.Of(Format, 80, padding: 50_000);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.Equal(5, soc.Requests.Count);
        Assert.Equal(80, soc.Rows.Count);
    }

    [Fact]
    public async Task Record_that_the_service_would_cut_is_rejected_and_its_neighbours_are_accepted()
    {
        await using var soc = new SentinelSoc(Planted);
        using var sink = Sink(soc);
        using var small = SinkBatches.Of(Format, 2);
        using var large = SinkBatches.Of(Format, 1, padding: 70_000);

        var refused = await sink.SendAsync(large, CancellationToken.None);
        await sink.SendAsync(small, CancellationToken.None);

        var reason = Assert.IsType<RecordOutcome.Reject>(refused[0]).Reason;
        Assert.Contains("65536", reason, StringComparison.Ordinal);
        Assert.Equal(2, soc.Rows.Count);
    }

    [Fact]
    public async Task Token_that_ends_in_mid_batch_is_renewed_and_nothing_is_lost_or_sent_twice()
    {
        var requests = 0;
        SentinelSoc? server = null;
        await using var soc = new SentinelSoc(
            Planted,
            _ =>
            {
                // After the third request the tokens end: the fourth meets 401.
                if (Interlocked.Increment(ref requests) == 3)
                {
                    server!.Tokens.Revoke();
                }

                return null;
            }
        );
        server = soc;
        using var sink = Sink(soc, maxRecords: 10);
        using var batch = SinkBatches.Of(Format, 100);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.Equal(2, soc.Tokens.Given);
        Assert.Equal(
            Enumerable.Range(0, 100).Select(SinkBatches.Marker),
            Markers(soc.Rows.Select(row => row.ToJsonString()))
        );
    }

    [Fact]
    public async Task Token_is_renewed_before_it_expires_and_kept_until_then()
    {
        var clock = new ShiftedTime();
        await using var soc = new SentinelSoc(Planted, time: clock);
        using var sink = new Sentinel(Options(soc), clock);
        using var batch = SinkBatches.Of(Format, 1);

        await sink.SendAsync(batch, CancellationToken.None);
        clock.Skip(TimeSpan.FromMinutes(50));
        await sink.SendAsync(batch, CancellationToken.None);
        Assert.Equal(1, soc.Tokens.Given);
        clock.Skip(TimeSpan.FromMinutes(6));
        await sink.SendAsync(batch, CancellationToken.None);

        Assert.Equal(2, soc.Tokens.Given);
        // None of the requests met an expired token.
        Assert.Equal(3, soc.Requests.Count);
        Assert.Equal(3, soc.Rows.Count);
    }

    [Fact]
    public async Task Receiver_that_refuses_every_token_is_asked_twice_and_nothing_is_accepted()
    {
        await using var soc = new SentinelSoc(Planted, _ => new SocAnswer(401));
        using var sink = Sink(soc);
        using var batch = SinkBatches.Of(Format, 3);

        AssertRetry(await sink.SendAsync(batch, CancellationToken.None));
        Assert.Equal(2, soc.Requests.Count);
        Assert.Equal(2, soc.Tokens.Given);
    }

    [Fact]
    public async Task Secret_that_is_wrong_is_said_by_its_code_and_nothing_is_posted()
    {
        await using var soc = new SentinelSoc("another");
        using var sink = Sink(soc);
        using var batch = SinkBatches.Of(Format, 3);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        AssertRetry(report);
        var why = ((RecordOutcome.Retry)report[0]).Why;
        Assert.Contains("HTTP 401 invalid_client", why, StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, why, StringComparison.Ordinal);
        Assert.Empty(soc.Requests);
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(202, false)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(503, false)]
    [InlineData(400, true)]
    public async Task Only_204_accepts_and_only_400_and_413_are_the_records(int status, bool rejects)
    {
        await using var soc = new SentinelSoc(Planted, _ => new SocAnswer(status, "Retry-After: 7"));
        using var sink = Sink(soc);
        using var batch = SinkBatches.Of(Format, 1);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.Equal(rejects, report[0] is RecordOutcome.Reject);
        Assert.Equal(!rejects, report[0] is RecordOutcome.Retry);
        Assert.Equal(
            status is 403 or 404 or 429 or 500 or 503 ? TimeSpan.FromSeconds(7) : null,
            (report[0] as RecordOutcome.Retry)?.After
        );
    }

    protected override Task<SinkUnderTest> StartAsync(SocMood mood, TimeSpan timeout)
    {
        var first = new FirstTry(mood);
        var soc = new SentinelSoc(Planted, _ => first.Answer());
        return Task.FromResult(
            new SinkUnderTest(
                new Sentinel(
                    Options(soc) with
                    {
                        Target = new HttpTarget(soc.Address) { Timeout = timeout },
                    },
                    TimeProvider.System
                ),
                () => soc.Rows.Select(row => row.ToJsonString()),
                soc
            )
        );
    }

    private static Sentinel Sink(SentinelSoc soc, int maxRecords = 1_000) =>
        new(
            Options(soc) with
            {
                Target = new HttpTarget(soc.Address) { Gzip = true, MaxRecords = maxRecords },
            },
            TimeProvider.System
        );

    private static SentinelOptions Options(SentinelSoc soc) =>
        new()
        {
            Target = new HttpTarget(soc.Address),
            Rule = SentinelSoc.Rule,
            Stream = SentinelSoc.Stream,
            Client = SentinelSoc.Client,
            ClientSecret = new Secret(Planted),
            TokenAddress = soc.Tokens.Address,
            Scope = SentinelSoc.Scope,
        };
}
