using System.Text;
using LogAudit.Forwarding;
using Xunit;

namespace LogAudit.Testing;

/// <summary>What every sink promises, whatever it speaks, also one without acknowledgement. A sink's tests derive from it and say how their receiver behaves.</summary>
public abstract class LossySinkContract
{
    /// <summary>A text that stands in the sink's secrets and must show nowhere.</summary>
    protected const string Planted = "PLANTED5ecret0000000000000001";

    /// <summary>Makes a sink and its receiver.</summary>
    /// <param name="mood">How the receiver treats the first try; afterwards it takes.</param>
    /// <param name="timeout">The sink's time-out.</param>
    protected abstract Task<SinkUnderTest> StartAsync(SocMood mood, TimeSpan timeout);

    /// <summary>The format that the sink carries.</summary>
    protected abstract IFormat Format { get; }

    /// <summary>What a problem must name, so that a person knows where to look.</summary>
    protected virtual string Place => "127.0.0.1";

    [Fact]
    public async Task SendAsync_accepts_what_the_receiver_took_in_order()
    {
        await using var test = await StartAsync(SocMood.Takes, TimeSpan.FromSeconds(30));
        using var batch = SinkBatches.Of(Format, 250);

        var report = await test.Sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.Equal(Enumerable.Range(0, 250).Select(SinkBatches.Marker), Markers(test.Received()));
    }

    [Fact]
    public async Task SendAsync_of_an_empty_batch_reports_nothing()
    {
        await using var test = await StartAsync(SocMood.Takes, TimeSpan.FromSeconds(30));
        using var batch = SinkBatches.Of(Format, 0);

        Assert.Equal(0, (await test.Sink.SendAsync(batch, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task SendAsync_again_sends_the_same_records_under_the_same_ids()
    {
        await using var test = await StartAsync(SocMood.Cuts, TimeSpan.FromSeconds(30));
        using var batch = SinkBatches.Of(Format, 5);
        AssertRetry(await test.Sink.SendAsync(batch, CancellationToken.None));

        var report = await test.Sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        var received = string.Join('\n', test.Received());
        for (var index = 0; index < batch.Count; index++)
        {
            Assert.Contains(Encoding.ASCII.GetString(batch.Id(index)), received, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task SendAsync_of_a_selection_sends_only_that()
    {
        await using var test = await StartAsync(SocMood.Takes, TimeSpan.FromSeconds(30));
        using var batch = SinkBatches.Of(Format, 6);
        var part = batch.Select([1, 4]);

        var report = await test.Sink.SendAsync(part, CancellationToken.None);

        Assert.Equal(2, report.Count);
        Assert.Equal([SinkBatches.Marker(1), SinkBatches.Marker(4)], Markers(test.Received()));
    }

    [Fact]
    public async Task Problem_names_no_secret_and_no_payload()
    {
        await using var test = await StartAsync(SocMood.Cuts, TimeSpan.FromSeconds(30));
        using var batch = SinkBatches.Of(Format, 2);

        var retry = Assert.IsType<RecordOutcome.Retry>((await test.Sink.SendAsync(batch, CancellationToken.None))[0]);

        Assert.DoesNotContain(Planted, retry.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("marker-", retry.Why, StringComparison.Ordinal);
        Assert.Contains(Place, retry.Why, StringComparison.Ordinal);
    }

    /// <summary>Nothing is accepted and nothing rejected.</summary>
    protected static void AssertRetry(DeliveryReport report) =>
        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Retry>(outcome));

    /// <summary>Every outcome of a report.</summary>
    protected static IEnumerable<RecordOutcome> Outcomes(DeliveryReport report) =>
        Enumerable.Range(0, report.Count).Select(index => report[index]);

    /// <summary>The markers in what a receiver got, in order.</summary>
    protected static IEnumerable<string> Markers(IEnumerable<string> received) =>
        received.SelectMany(text =>
            System
                .Text.RegularExpressions.Regex.Matches(
                    text,
                    "marker-[0-9]+",
                    System.Text.RegularExpressions.RegexOptions.None,
                    TimeSpan.FromSeconds(5)
                )
                .Select(match => match.Value)
        );
}

/// <summary>What a sink promises whose receiver acknowledges.</summary>
public abstract class SinkContract : LossySinkContract
{
    [Fact]
    public async Task SendAsync_accepts_nothing_when_the_connection_is_cut_in_the_body()
    {
        await using var test = await StartAsync(SocMood.Cuts, TimeSpan.FromSeconds(30));
        using var batch = SinkBatches.Of(Format, 300, padding: 1000);

        var report = await test.Sink.SendAsync(batch, CancellationToken.None);

        AssertRetry(report);
    }

    [Fact]
    public async Task SendAsync_accepts_nothing_when_the_receiver_does_not_answer_in_time()
    {
        await using var test = await StartAsync(SocMood.Hangs, TimeSpan.FromMilliseconds(300));
        using var batch = SinkBatches.Of(Format, 3);

        AssertRetry(await test.Sink.SendAsync(batch, CancellationToken.None));
    }

    [Fact]
    public async Task SendAsync_ends_by_cancellation_when_the_caller_asks_for_it()
    {
        await using var test = await StartAsync(SocMood.Hangs, TimeSpan.FromSeconds(300));
        using var batch = SinkBatches.Of(Format, 1);
        using var cancel = new CancellationTokenSource();
        var sending = test.Sink.SendAsync(batch, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }
}

/// <summary>A sink with its receiver.</summary>
public sealed class SinkUnderTest(ISink sink, Func<IEnumerable<string>> received, IAsyncDisposable receiver)
    : IAsyncDisposable
{
    public ISink Sink { get; } = sink;

    /// <summary>What the receiver took, as text.</summary>
    public IEnumerable<string> Received() => received();

    public async ValueTask DisposeAsync()
    {
        Sink.Dispose();
        await receiver.DisposeAsync();
    }
}

/// <summary>Batches of records made for sink tests.</summary>
public static class SinkBatches
{
    private static readonly LogTarget Target = new(
        new AccountId("1000000000000001"),
        new RegionId("cn-shanghai"),
        new ProjectName("logaudit-test"),
        new LogstoreName("test_log")
    );

    /// <summary>The text that marks a record.</summary>
    public static string Marker(int index) => $"marker-{index:D6}";

    /// <summary>A batch of marked records without account.</summary>
    public static EncodedBatch Of(IFormat format, int count, int padding = 0) =>
        Of(format, [.. Enumerable.Repeat(new MarkedRecord(), count)], padding);

    /// <summary>A batch of marked records, a group of its own for each.</summary>
    /// <param name="format">How they are written.</param>
    /// <param name="records">What tells them apart.</param>
    /// <param name="padding">Bytes that each holds besides.</param>
    /// <param name="first">Cursor of the first group.</param>
    public static EncodedBatch Of(
        IFormat format,
        IReadOnlyList<MarkedRecord> records,
        int padding = 0,
        long first = 1_000
    )
    {
        var batch = new EncodedBatch();
        if (records.Count == 0)
        {
            return batch;
        }

        var groups = records.Select((record, index) => Group(record, index, padding));
        using var pulled = Pulls.Of(Target, 0, first, [.. groups]);
        using var normaliser = new RecordNormaliser(format.WantsFields);
        var mappings = new MappingCatalogue(MarkedRecord.Products.Select(MarkedRecord.Kind)).For(Target.Logstore);
        var at = 0;
        for (var group = pulled.Groups(); group.Next(); at++)
        {
            normaliser.BeginGroup(new ShardAddress(Target, 0), pulled.GroupCursor(at));
            for (var log = group.Logs(); log.Next(); )
            {
                batch.Add(LogNormaliser.Read(normaliser, mappings, pulled.Body, group, log), format);
            }
        }

        return batch;
    }

    private static TestGroup Group(MarkedRecord record, int index, int padding) =>
        new(
            record.Product,
            [
                TestLog.Of(
                    record.Seconds,
                    ("owner", record.Account),
                    ("mark", Marker(index)),
                    ("padding", new string('x', padding))
                ),
            ]
        );
}

/// <summary>What tells records of <see cref="SinkBatches"/> apart besides their marks.</summary>
/// <param name="Account">Account that owns the resource; empty for none.</param>
/// <param name="Product">One of <see cref="Products"/>.</param>
/// <param name="Seconds">When it happened, Unix seconds.</param>
public sealed record MarkedRecord(string Account = "", string Product = "test_log", uint Seconds = 1_772_439_330)
{
    /// <summary>Products that the mappings of the tests know.</summary>
    public static IReadOnlyList<string> Products { get; } = ["test_log", "other"];

    /// <summary>The log kind of a product.</summary>
    public static LogKind Kind(string product) =>
        new()
        {
            Product = product,
            Name = "test",
            Route = Routes.Manual,
            Logstore = "test_log",
            Topics = [product],
            Regions = [],
            EnabledVariable = "",
            TtlVariable = "",
            Fields = [],
            Mapping = new RecordMapping
            {
                Dataset = $"aliyun.{product}",
                Category = "web",
                Fields = [new FieldMapping("owner", "cloud.account.id", FieldConversion.Text)],
            },
        };
}
