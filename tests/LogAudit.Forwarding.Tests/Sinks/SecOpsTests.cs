using System.Text;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Sinks;

public sealed class SecOpsTests : SinkContract
{
    protected override IFormat Format { get; } = new Json();

    [Fact]
    public async Task Log_is_the_record_with_the_time_at_which_it_happened()
    {
        await using var soc = new SecOpsSoc(Planted);
        using var sink = Sink(soc, TimeProvider.System);
        using var batch = SinkBatches.Of(Format, 3);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.Equal(
            Enumerable.Range(0, 3).Select(index => Encoding.UTF8.GetString(batch.Body(index).Span)),
            soc.Logs.Select(log => log.Text)
        );
        Assert.All(soc.Logs, log => Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_772_439_330), log.Time));
    }

    [Fact]
    public async Task Log_of_a_clock_that_runs_fast_is_collected_after_it_happened()
    {
        // The records are of March 2026; here it is a day before.
        var clock = new ShiftedTime();
        clock.Skip(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero) - clock.GetUtcNow());
        await using var soc = new SecOpsSoc(Planted, time: clock);
        using var sink = Sink(soc, clock);
        using var batch = SinkBatches.Of(Format, 1);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.IsType<RecordOutcome.Accepted>(report[0]);
    }

    [Fact]
    public async Task Requests_keep_to_the_limit_after_encoding()
    {
        await using var soc = new SecOpsSoc(Planted);
        using var sink = new SecOps(
            Options(soc) with
            {
                Target = new HttpTarget(soc.Address) { MaxBytes = 100_000 },
            },
            TimeProvider.System
        );
        using var batch = SinkBatches.Of(Format, 100, padding: 3_000);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.All(soc.Requests, request => Assert.InRange(request.Content.Length, 50_000, 100_000));
    }

    [Fact]
    public async Task Token_that_ends_in_mid_batch_is_renewed_and_nothing_is_lost_or_sent_twice()
    {
        var requests = 0;
        SecOpsSoc? server = null;
        await using var soc = new SecOpsSoc(
            Planted,
            _ =>
            {
                if (Interlocked.Increment(ref requests) == 3)
                {
                    server!.Tokens.Revoke();
                }

                return null;
            }
        );
        server = soc;
        using var sink = new SecOps(
            Options(soc) with
            {
                Target = new HttpTarget(soc.Address) { MaxRecords = 10 },
            },
            TimeProvider.System
        );
        using var batch = SinkBatches.Of(Format, 100);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.Equal(2, soc.Tokens.Given);
        Assert.Equal(Enumerable.Range(0, 100).Select(SinkBatches.Marker), Markers(soc.Logs.Select(log => log.Text)));
    }

    [Fact]
    public async Task Assertion_that_the_endpoint_refuses_is_said_by_its_code()
    {
        var clock = new ShiftedTime();
        await using var soc = new SecOpsSoc(Planted, time: clock);
        using var sink = Sink(soc, TimeProvider.System);
        using var batch = SinkBatches.Of(Format, 1);
        // For the receiver two hours have passed: the assertion has expired when it arrives.
        clock.Skip(TimeSpan.FromHours(2));

        var report = await sink.SendAsync(batch, CancellationToken.None);

        var why = Assert.IsType<RecordOutcome.Retry>(report[0]).Why;
        Assert.Contains("HTTP 400 invalid_grant", why, StringComparison.Ordinal);
        Assert.Empty(soc.Requests);
    }

    [Theory]
    [InlineData(201, false)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(503, false)]
    [InlineData(400, true)]
    [InlineData(413, true)]
    public async Task Only_200_accepts_and_only_400_and_413_are_the_records(int status, bool rejects)
    {
        await using var soc = new SecOpsSoc(Planted, _ => new SocAnswer(status));
        using var sink = Sink(soc, TimeProvider.System);
        using var batch = SinkBatches.Of(Format, 1);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.Equal(rejects, report[0] is RecordOutcome.Reject);
        Assert.Equal(!rejects, report[0] is RecordOutcome.Retry);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData(
        """{"client_email":"a","private_key_id":"b","private_key":"c","token_uri":"https://oauth2.example.com/token"}"""
    )]
    public void Text_that_is_no_key_file_is_none(string text)
    {
        Assert.Null(ServiceAccount.TryRead(new Secret(text)));
    }

    [Theory]
    [InlineData("http://oauth2.example.com/token")]
    [InlineData("https://100.100.100.200/token")]
    [InlineData("file:///etc/passwd")]
    public async Task Key_file_whose_token_endpoint_is_no_place_for_assertions_is_refused(string endpoint)
    {
        await using var soc = new SecOpsSoc(Planted);
        var file = soc.KeyFile.Replace(soc.Tokens.Address.AbsoluteUri, endpoint, StringComparison.Ordinal);

        Assert.Null(ServiceAccount.TryRead(new Secret(file)));
    }

    protected override Task<SinkUnderTest> StartAsync(SocMood mood, TimeSpan timeout)
    {
        var first = new FirstTry(mood);
        var soc = new SecOpsSoc(Planted, _ => first.Answer());
        return Task.FromResult(
            new SinkUnderTest(
                new SecOps(
                    Options(soc) with
                    {
                        Target = new HttpTarget(soc.Address) { Timeout = timeout },
                    },
                    TimeProvider.System
                ),
                () => soc.Logs.Select(log => log.Text),
                soc
            )
        );
    }

    private static SecOps Sink(SecOpsSoc soc, TimeProvider time) => new(Options(soc), time);

    private static SecOpsOptions Options(SecOpsSoc soc) =>
        new()
        {
            Target = new HttpTarget(soc.Address) { Gzip = true },
            Parent = SecOpsSoc.Parent,
            Forwarder = SecOpsSoc.Forwarder,
            Account = ServiceAccount.TryRead(new Secret(soc.KeyFile)),
        };
}
