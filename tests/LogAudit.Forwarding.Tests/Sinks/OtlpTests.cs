using System.Text;
using Google.Protobuf;
using LogAudit.Testing;
using LogAudit.Testing.Otlp;

namespace LogAudit.Forwarding.Tests.Sinks;

public sealed class OtlpTests : SinkContract
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    protected override IFormat Format { get; } = new Json();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_is_what_Googles_classes_would_write(bool json)
    {
        await using var soc = new OtlpSoc();
        using var sink = new Forwarding.Otlp(
            Options(soc.Address) with
            {
                Json = json,
            },
            new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Now)
        );
        using var batch = SinkBatches.Of(Format, 200, padding: 300);

        await sink.SendAsync(batch, CancellationToken.None);

        var expected = Expected(batch);
        var request = Assert.Single(soc.Requests);
        Assert.Equal(expected, OtlpSoc.Read(request));
        Assert.Equal(json ? "application/json" : "application/x-protobuf", request.Headers["Content-Type"]);
        if (!json)
        {
            Assert.Equal(expected.ToByteArray(), request.Content);
        }
    }

    [Fact]
    public async Task Record_of_any_format_is_the_text_of_the_log_record()
    {
        await using var soc = new OtlpSoc();
        using var sink = Sink(soc);
        using var batch = SinkBatches.Of(new Cef(Envelope.None), 3);

        await sink.SendAsync(batch, CancellationToken.None);

        Assert.Equal(
            Enumerable.Range(0, 3).Select(index => Encoding.UTF8.GetString(batch.Body(index).Span)),
            soc.Records.Select(record => record.Body.StringValue)
        );
    }

    [Theory]
    [InlineData(429, 7)]
    [InlineData(503, 7)]
    [InlineData(502, null)]
    [InlineData(504, null)]
    [InlineData(401, null)]
    [InlineData(403, null)]
    [InlineData(404, null)]
    [InlineData(415, null)]
    public async Task Status_of_the_moment_or_about_us_is_tried_again(int status, int? after)
    {
        await using var soc = new OtlpSoc(
            (_, _) => after is null ? new SocAnswer(status) : new SocAnswer(status, $"Retry-After: {after}")
        );
        using var sink = Sink(soc);
        using var batch = SinkBatches.Of(Format, 3);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        AssertRetry(report);
        Assert.Single(soc.Requests);
        Assert.Equal(
            after is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            ((RecordOutcome.Retry)report[0]).After
        );
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(500)]
    [InlineData(501)]
    public async Task Any_other_refusal_is_not_repeated_and_finds_the_one_bad_record(int status)
    {
        await using var soc = new OtlpSoc(
            (request, export) =>
                export.ToString().Contains(SinkBatches.Marker(7), StringComparison.Ordinal)
                    ? new SocAnswer(status)
                    : null
        );
        using var sink = Sink(soc);
        using var batch = SinkBatches.Of(Format, 20);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.Equal([7], Enumerable.Range(0, 20).Where(index => report[index] is RecordOutcome.Reject));
        Assert.Equal(19, Outcomes(report).Count(outcome => outcome is RecordOutcome.Accepted));
        Assert.Equal(19, soc.Records.Count);
    }

    [Theory]
    [InlineData(2, "left out 2 of them")]
    [InlineData(10, "left out all")]
    [InlineData(-1, "left out all")]
    public async Task Partial_success_is_not_repeated_and_keeps_every_record_of_its_request(int rejected, string said)
    {
        var answers = 0;
        await using var soc = new OtlpSoc((_, _) => Interlocked.Increment(ref answers) == 2 ? Partial(rejected) : null);
        using var sink = new Forwarding.Otlp(
            Options(soc.Address) with
            {
                Json = true,
                Target = new HttpTarget(soc.Address) { MaxRecords = 10 },
            },
            TimeProvider.System
        );
        using var batch = SinkBatches.Of(Format, 30);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.Equal(3, soc.Requests.Count);
        Assert.Equal(
            Enumerable.Range(10, 10),
            Enumerable.Range(0, 30).Where(index => report[index] is RecordOutcome.Reject)
        );
        Assert.Equal(20, Outcomes(report).Count(outcome => outcome is RecordOutcome.Accepted));
        Assert.Contains(said, ((RecordOutcome.Reject)report[10]).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "application/json", "{}", true)]
    [InlineData(201, "application/json", "", true)]
    [InlineData(204, "text/plain", "", true)]
    [InlineData(200, "application/json", """{"partialSuccess":{}}""", true)]
    [InlineData(200, "application/json", """{"partialSuccess":{"errorMessage":"a warning"}}""", true)]
    [InlineData(200, "application/json", """{"partialSuccess":{"rejectedLogRecords":"many"}}""", false)]
    [InlineData(200, "application/json", """{"partialSuccess":3}""", false)]
    [InlineData(200, "application/json", "[]", false)]
    [InlineData(200, "application/json", "{", false)]
    [InlineData(200, "application/x-protobuf", "\u000F", false)]
    [InlineData(200, "text/html", "<html>welcome</html>", false)]
    public async Task Answer_accepts_only_when_it_is_one_of_OTLP(int status, string type, string body, bool accepts)
    {
        await using var soc = new OtlpSoc((_, _) => new SocAnswer(status, $"Content-Type: {type}") { Body = body });
        using var sink = Sink(soc);
        using var batch = SinkBatches.Of(Format, 2);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.Equal(accepts, outcome is RecordOutcome.Accepted));
        Assert.All(Outcomes(report), outcome => Assert.NotEqual(accepts, outcome is RecordOutcome.Retry));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public void Rejected_count_is_read_from_protobuf(long rejected)
    {
        var answer = new ExportLogsServiceResponse
        {
            PartialSuccess = new ExportLogsPartialSuccess { ErrorMessage = "why", RejectedLogRecords = rejected },
        };

        Assert.Equal(rejected, OtlpAnswer.FromProtobuf(answer.ToByteArray()));
    }

    [Fact]
    public void Random_bytes_are_read_as_Googles_parser_reads_them_or_refused()
    {
        var random = new Random(20261126);
        var bytes = new byte[24];
        var agreed = 0;
        for (var round = 0; round < 200_000; round++)
        {
            var length = random.Next(bytes.Length);
            random.NextBytes(bytes.AsSpan(0, length));
            if (length > 2 && round % 2 == 0)
            {
                // Half of them begin like an answer.
                (bytes[0], bytes[1], bytes[2]) = (0x0A, (byte)(length - 2), 0x08);
            }

            var read = OtlpAnswer.FromProtobuf(bytes.AsSpan(0, length));
            try
            {
                var parsed = ExportLogsServiceResponse.Parser.ParseFrom(bytes, 0, length);
                if (read is not null)
                {
                    Assert.Equal(parsed.PartialSuccess?.RejectedLogRecords ?? 0, read);
                    agreed++;
                }
            }
            catch (InvalidProtocolBufferException)
            {
                // What Google's parser refuses may be read more leniently here, but never throws.
            }
        }

        Assert.True(agreed > 1_000, $"only {agreed} answers were read by both");
    }

    [Fact]
    public async Task Authorization_goes_in_the_header_that_is_named()
    {
        await using var soc = new OtlpSoc();
        using var sink = new Forwarding.Otlp(
            Options(soc.Address) with
            {
                AuthorizationHeader = "X-Api-Key",
            },
            TimeProvider.System
        );
        using var batch = SinkBatches.Of(Format, 1);

        await sink.SendAsync(batch, CancellationToken.None);

        Assert.Equal(Planted, Assert.Single(soc.Requests).Headers["X-Api-Key"]);
    }

    protected override Task<SinkUnderTest> StartAsync(SocMood mood, TimeSpan timeout)
    {
        var first = new FirstTry(mood);
        var soc = new OtlpSoc((_, _) => first.Answer());
        return Task.FromResult(
            new SinkUnderTest(
                new Forwarding.Otlp(
                    Options(soc.Address) with
                    {
                        Target = new HttpTarget(soc.Address) { Timeout = timeout },
                    },
                    TimeProvider.System
                ),
                () => soc.Records.Select(record => record.Body.StringValue),
                soc
            )
        );
    }

    private static SocAnswer Partial(int rejected) =>
        new(200, "Content-Type: application/json")
        {
            Body = $$$"""{"partialSuccess":{"rejectedLogRecords":"{{{rejected}}}","errorMessage":"too old"}}""",
        };

    private static ExportLogsServiceRequest Expected(EncodedBatch batch)
    {
        var scope = new ScopeLogs { Scope = new InstrumentationScope { Name = "LogAudit" } };
        for (var index = 0; index < batch.Count; index++)
        {
            scope.LogRecords.Add(
                new LogRecord
                {
                    TimeUnixNano = (ulong)batch.Facts(index).TimeNanos,
                    ObservedTimeUnixNano = (ulong)Now.ToUnixTimeSeconds() * 1_000_000_000,
                    SeverityNumber = 9,
                    SeverityText = "INFO",
                    Body = new AnyValue { StringValue = Encoding.UTF8.GetString(batch.Body(index).Span) },
                    Attributes =
                    {
                        Text("log.record.uid", Encoding.ASCII.GetString(batch.Id(index))),
                        Text("event.dataset", batch.Facts(index).Mapping.Dataset),
                    },
                }
            );
        }

        var resource = new Resource
        {
            Attributes = { Text("service.name", "logaudit"), Text("cloud.provider", CompiledMapping.CloudProvider) },
        };
        return new ExportLogsServiceRequest
        {
            ResourceLogs =
            {
                new ResourceLogs { Resource = resource, ScopeLogs = { scope } },
            },
        };
    }

    private static KeyValue Text(string key, string value) =>
        new()
        {
            Key = key,
            Value = new AnyValue { StringValue = value },
        };

    private static Forwarding.Otlp Sink(OtlpSoc soc) => new(Options(soc.Address), TimeProvider.System);

    private static OtlpOptions Options(Uri address) =>
        new()
        {
            Target = new HttpTarget(address) { Gzip = true },
            Authorization = new Secret(Planted),
        };
}
