using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Sinks;

public sealed class ElasticsearchTests : SinkContract
{
    protected override IFormat Format { get; } = new Json();

    [Fact]
    public async Task Document_that_is_there_already_counts_as_accepted_and_stays_one()
    {
        await using var soc = new ElasticSoc();
        using var sink = Sink(soc);
        using var batch = SinkBatches.Of(Format, 20);

        await sink.SendAsync(batch, CancellationToken.None);
        var again = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(again), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.Equal(20, soc.Documents.Count);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Item_that_the_cluster_could_not_take_now_is_sent_again_and_its_neighbours_are_accepted(int status)
    {
        var busy = SinkBatches.Marker(7);
        await using var soc = new ElasticSoc(judge: Refusing(busy, status));
        using var sink = Sink(soc);
        using var batch = SinkBatches.Of(Format, 20);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.Equal([7], Enumerable.Range(0, 20).Where(index => report[index] is RecordOutcome.Retry));
        Assert.Equal(19, Outcomes(report).Count(outcome => outcome is RecordOutcome.Accepted));
    }

    [Fact]
    public async Task Item_that_does_not_fit_the_mapping_is_rejected_without_its_content_in_the_reason()
    {
        var bad = SinkBatches.Marker(7);
        await using var soc = new ElasticSoc(judge: Refusing(bad, 400));
        using var sink = Sink(soc);
        using var batch = SinkBatches.Of(Format, 20);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        var reject = Assert.IsType<RecordOutcome.Reject>(report[7]);
        Assert.Contains("document_parsing_exception", reject.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("marker-", reject.Reason, StringComparison.Ordinal);
        Assert.Equal(19, Outcomes(report).Count(outcome => outcome is RecordOutcome.Accepted));
    }

    [Fact]
    public async Task Record_is_found_at_the_far_end_by_its_id_once_it_is_there()
    {
        await using var soc = new ElasticSoc();
        using var sink = Sink(soc);
        using var batch = SinkBatches.Of(Format, 3);
        var id = System.Text.Encoding.ASCII.GetString(batch.Id(1));
        var farEnd = Assert.IsType<IFarEnd>(sink, exactMatch: false);

        var before = await farEnd.AskAsync(id, CancellationToken.None);
        await sink.SendAsync(batch, CancellationToken.None);
        var after = await farEnd.AskAsync(id, CancellationToken.None);

        Assert.Equal(FarEndAnswer.NotYet.There, before);
        Assert.Equal(FarEndAnswer.Found.There, after);
    }

    [Theory]
    [InlineData(403, "", "privilege read")]
    [InlineData(200, "{}", "cannot be read")]
    public async Task Far_end_that_does_not_answer_cannot_tell(int status, string body, string why)
    {
        await using var soc = new ElasticSoc(mood: _ => new SocAnswer(status) { Body = body });
        using var sink = Sink(soc);

        var answer = await ((IFarEnd)sink).AskAsync("an-id", CancellationToken.None);

        var cannot = Assert.IsType<FarEndAnswer.CannotTell>(answer);
        Assert.Contains(why, cannot.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"errors":false,"items":[]}""")]
    [InlineData("""{"errors":false,"items":[{},{},{}]}""")]
    [InlineData("""{"errors":false,"items":[{"create":{"status":"x"}},{"create":{}},{"create":{"status":201}}]}""")]
    public async Task Answer_that_does_not_tell_of_every_record_accepts_none(string answer)
    {
        await using var soc = new ElasticSoc(_ => new SocAnswer(200) { Body = answer });
        using var sink = Sink(soc);
        using var batch = SinkBatches.Of(Format, 3);

        AssertRetry(await sink.SendAsync(batch, CancellationToken.None));
    }

    [Fact]
    public async Task Requests_go_to_the_index_within_the_limits_and_too_large_a_one_is_halved()
    {
        await using var soc = new ElasticSoc(request => request.Body.Length > 3_000 ? new SocAnswer(413) : null);
        using var sink = new Elasticsearch(
            Options(soc) with
            {
                Index = "audit",
                Target = new HttpTarget(soc.Address) { MaxRecords = 16 },
            },
            TimeProvider.System
        );
        using var batch = SinkBatches.Of(Format, 40);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.Equal(
            Enumerable.Range(0, 40).Select(SinkBatches.Marker),
            Markers(soc.Documents.Select(one => one.Document))
        );
        Assert.All(soc.Requests, request => Assert.Equal("/audit/_bulk", request.Path));
        Assert.Contains(soc.Requests, request => request.Body.Length > 3_000);
    }

    [Fact]
    public async Task Cluster_that_is_busy_as_a_whole_says_when_to_come_back()
    {
        await using var soc = new ElasticSoc(_ => new SocAnswer(429, "Retry-After: 7"));
        using var sink = Sink(soc);
        using var batch = SinkBatches.Of(Format, 3);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(
            Outcomes(report),
            outcome => Assert.Equal(TimeSpan.FromSeconds(7), Assert.IsType<RecordOutcome.Retry>(outcome).After)
        );
    }

    [Fact]
    public async Task Credentials_are_an_api_key_or_basic_authentication()
    {
        await using var soc = new ElasticSoc();
        using var batch = SinkBatches.Of(Format, 1);
        using var byKey = Sink(soc);
        using var byName = new Elasticsearch(
            Options(soc) with
            {
                ApiKey = null,
                User = "ops",
                Password = new Secret("pw"),
            },
            TimeProvider.System
        );

        await byKey.SendAsync(batch, CancellationToken.None);
        await byName.SendAsync(batch, CancellationToken.None);

        Assert.Equal(
            [$"ApiKey {Planted}", "Basic b3BzOnB3"],
            soc.Requests.Select(request => request.Headers["Authorization"])
        );
    }

    protected override Task<SinkUnderTest> StartAsync(SocMood mood, TimeSpan timeout)
    {
        var first = new FirstTry(mood);
        var soc = new ElasticSoc(_ => first.Answer());
        return Task.FromResult(
            new SinkUnderTest(
                new Elasticsearch(
                    Options(soc) with
                    {
                        Target = new HttpTarget(soc.Address) { Timeout = timeout },
                    },
                    TimeProvider.System
                ),
                () => soc.Documents.Select(one => $"{one.Id} {one.Document}"),
                soc
            )
        );
    }

    private static Func<string, int> Refusing(string marker, int status) =>
        document => document.Contains(marker, StringComparison.Ordinal) ? status : 201;

    private static Elasticsearch Sink(ElasticSoc soc) => new(Options(soc), TimeProvider.System);

    private static ElasticsearchOptions Options(ElasticSoc soc) =>
        new()
        {
            Target = new HttpTarget(soc.Address) { Gzip = true },
            ApiKey = new Secret(Planted),
        };
}
