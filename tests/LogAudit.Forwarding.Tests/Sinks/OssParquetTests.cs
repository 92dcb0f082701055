using System.Text;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Sinks;

/// <summary>The archive in Parquet, read by DuckDB.</summary>
public sealed class OssParquetTests : SinkContract
{
    private static readonly OssOptions Options = Archive.Options with { Parquet = true };

    protected override IFormat Format { get; } = new Json();

    protected override string Place => Archive.Bucket;

    [Fact]
    public async Task Columns_tell_what_the_record_tells_and_the_record_stands_whole()
    {
        await using var archive = await Archive.StartAsync();
        using var sink = archive.Sink(Options);
        using var batch = SinkBatches.Of(
            Format,
            [new MarkedRecord("1000000000000001"), new MarkedRecord("1000000000000001", Seconds: 1_772_439_331)]
        );

        await sink.SendAsync(batch, CancellationToken.None);

        var (name, body) = Assert.Single(archive.Bodies());
        Assert.Equal(
            "logaudit/dt=2026-03-02/hour=08/product=test_log/account=1000000000000001/part-test_log-0-1000-1001.parquet",
            name
        );
        Assert.Equal(
            [
                ["event_id", "VARCHAR"],
                ["time", "TIMESTAMP WITH TIME ZONE"],
                ["log_kind", "VARCHAR"],
                ["cloud_region", "VARCHAR"],
                ["event_action", "VARCHAR"],
                ["event_outcome", "VARCHAR"],
                ["user_id", "VARCHAR"],
                ["user_name", "VARCHAR"],
                ["source_ip", "VARCHAR"],
                ["record", "VARCHAR"],
            ],
            DuckParquet.Query(body, "select column_name, column_type from (describe it)")
        );
        Assert.Equal(
            Enumerable
                .Range(0, 2)
                .Select(index =>
                    new[]
                    {
                        Encoding.ASCII.GetString(batch.Id(index)),
                        $"{1_772_439_330 + index}",
                        "test",
                        "NULL",
                        Encoding.UTF8.GetString(batch.Body(index).Span),
                    }
                ),
            DuckParquet.Query(
                body,
                "select event_id, epoch(time)::bigint, log_kind, user_name, record from it order by time"
            )
        );
    }

    [Fact]
    public async Task Same_records_give_the_same_object_and_a_span_sent_again_repeats_none()
    {
        await using var archive = await Archive.StartAsync();
        await using var other = await Archive.StartAsync();
        using var batch = SinkBatches.Of(Format, 9);
        using var sink = archive.Sink(Options);
        using var twin = other.Sink(Options);
        await sink.SendAsync(batch.Select([0, 1, 2, 3, 4]), CancellationToken.None);
        await twin.SendAsync(batch.Select([0, 1, 2, 3, 4]), CancellationToken.None);
        Assert.Equal(Single(other).ToArray(), Single(archive).ToArray());

        await sink.SendAsync(batch.Select([0, 1, 2, 3, 4]), CancellationToken.None);
        await sink.SendAsync(batch.Select([3, 4, 5, 6, 7, 8]), CancellationToken.None);

        Assert.Equal(
            Enumerable.Range(0, 9).Select(SinkBatches.Marker),
            Markers(Records(archive)).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData(
        """{"source":{"ip":"192.0.2.7","as":{"ip":"no"}},"user":{"name":"a\"b é"},"event":{"action":5}}""",
        "192.0.2.7",
        "a\"b é"
    )]
    [InlineData(
        """{"source":[{"ip":"no"}],"user":{"of":{"name":"no"},"name":null},"x":{"source":{"ip":"no"}}}""",
        "NULL",
        "NULL"
    )]
    [InlineData("""{"source.ip":"no","user":"no"}""", "NULL", "NULL")]
    public async Task Column_holds_the_text_of_its_path_and_of_no_other(string record, string ip, string user)
    {
        await using var archive = await Archive.StartAsync();
        using var sink = archive.Sink(Options);
        using var made = SinkBatches.Of(new Fixed(record), 1);

        await sink.SendAsync(made, CancellationToken.None);

        Assert.Equal(
            [ip, user, "NULL"],
            Assert.Single(DuckParquet.Query(Single(archive), "select source_ip, user_name, event_action from it"))
        );
    }

    [Fact]
    public async Task Record_nested_deeper_than_readers_usually_go_is_archived()
    {
        var deep = $$"""{"a":{{new string('[', 300)}}{{new string(']', 300)}}}""";
        await using var archive = await Archive.StartAsync();
        using var sink = archive.Sink(Options);
        using var made = SinkBatches.Of(new Fixed(deep), 1);

        var report = await sink.SendAsync(made, CancellationToken.None);

        Assert.IsType<RecordOutcome.Accepted>(report[0]);
        Assert.Equal([deep], Records(archive));
    }

    protected override async Task<SinkUnderTest> StartAsync(SocMood mood, TimeSpan timeout)
    {
        var archive = await Archive.StartAsync();
        archive.Treat(mood);
        return new SinkUnderTest(
            new HealedAfterFirstTry(archive.Sink(Options, timeout), archive.Cloud.Faults.Clear),
            () => Records(archive),
            archive
        );
    }

    private static ReadOnlyMemory<byte> Single(Archive archive) => Assert.Single(archive.Bodies()).Value;

    private static IEnumerable<string> Records(Archive archive) =>
        archive
            .Bodies()
            .OrderBy(one => one.Key, StringComparer.Ordinal)
            .SelectMany(one => DuckParquet.Query(one.Value, "select record from it"))
            .Select(row => row[0]);

    private sealed class Fixed(string record) : IFormat
    {
        public string Name => "fixed";

        public string ContentType => "application/json";

        public void Write(in AuditRecord _, System.Buffers.IBufferWriter<byte> to) =>
            System.Buffers.BuffersExtensions.Write(to, Encoding.UTF8.GetBytes(record));
    }
}
